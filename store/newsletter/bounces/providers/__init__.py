"""Who tells of bounces by webhook: each module knows one provider's signature and its words."""
