<?php
/**
 * Leaves nothing behind when the plugin is deleted: settings, copies of cards, editors' choices.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Removes what this site has kept.
 */
function forget_everything() {
	global $wpdb;
	delete_option( 'store_widget' );
	delete_post_meta_by_key( '_store_widget_products' );
	delete_post_meta_by_key( '_store_widget_quiet' );
	foreach ( array( '_transient_store_widget_', '_transient_timeout_store_widget_', 'store_widget_' ) as $beginning ) {
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- There is no other way to name many at once.
		$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( $beginning ) . '%' ) );
	}
}

if ( is_multisite() ) {
	foreach ( get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	) as $store_widget_site_id ) {
		switch_to_blog( $store_widget_site_id );
		forget_everything();
		restore_current_blog();
	}
} else {
	forget_everything();
}
