<?php
/**
 * What the site has set, and what may be set at all.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const OPTION         = 'store_widget';
const MODES          = array( 'tag', 'server' );
const THEMES         = array( 'auto', 'light', 'dark' );
const USUAL_COUNT    = 3;
const MOST_COUNT     = 4;
const SHORTEST_CACHE = 60;
const LONGEST_CACHE  = 3600;

/**
 * Returns the settings in force.
 *
 * @return array<string, mixed>
 */
function settings(): array {
	return wp_parse_args( get_option( OPTION, array() ), default_settings() );
}

/**
 * Returns what holds until somebody sets something: without a store, nothing is shown.
 *
 * @return array<string, mixed>
 */
function default_settings(): array {
	return array(
		'store'         => '',
		'store_name'    => get_bloginfo( 'name' ),
		'tips'          => '',
		'footer'        => true,
		'post_types'    => array( 'post' ),
		'mode'          => 'tag',
		'count'         => USUAL_COUNT,
		'newsletter'    => true,
		'theme'         => 'auto',
		// As long as the store itself lets a card be shown; an editor's silence is out that fast.
		'cache_seconds' => SHORTEST_CACHE,
		'script'        => '',
		'integrity'     => '',
	);
}

/**
 * Returns what was typed as settings that can be kept; a wrong address leaves the one in force.
 *
 * WordPress calls this twice when an option is saved for the first time, so that what it returns
 * must come out of it unchanged.
 *
 * @param mixed $typed What the form sent.
 * @return array<string, mixed>
 */
function sanitize_settings( $typed ): array {
	$typed  = is_array( $typed ) ? $typed : array();
	$before = settings();
	$clean  = array(
		'store_name'    => sanitize_text_field( $typed['store_name'] ?? $before['store_name'] ),
		'footer'        => ! empty( $typed['footer'] ),
		'post_types'    => clean_post_types( $typed['post_types'] ?? array() ),
		'mode'          => one_of( MODES, $typed['mode'] ?? '' ),
		'count'         => clean_count( $typed['count'] ?? '' ) ?? USUAL_COUNT,
		'newsletter'    => ! empty( $typed['newsletter'] ),
		'theme'         => one_of( THEMES, $typed['theme'] ?? '' ),
		'cache_seconds' => clean_cache_seconds( $typed['cache_seconds'] ?? '' ),
	);
	foreach ( checked_texts() as $name => $rule ) {
		$text  = trim( (string) ( $typed[ $name ] ?? $before[ $name ] ) );
		$value = call_user_func( $rule['clean'], $text );
		if ( null === $value ) {
			complain( $name, $rule['fault'] );
			keep_typed( $name, $text );
		}
		$clean[ $name ] = $value ?? $before[ $name ];
	}
	if ( '' !== $clean['integrity'] && '' === $clean['script'] ) {
		complain( 'integrity', __( 'The integrity is used with a pinned script address only. Give that address too.', 'store-widget' ) );
	}
	return $clean;
}

/**
 * Returns the texts that can be wrong: what cleans each, and what to say when it cannot.
 *
 * @return array<string, array{clean: callable, fault: string}>
 */
function checked_texts(): array {
	return array(
		'store'     => array(
			'clean' => __NAMESPACE__ . '\clean_origin',
			'fault' => __( 'That is no address of a store. Give https:// and the host alone, such as https://shop.example; http:// only on this machine.', 'store-widget' ),
		),
		'tips'      => array(
			'clean' => __NAMESPACE__ . '\clean_address',
			'fault' => __( 'That is no address for tips. Give one that begins with https://, or nothing for the store’s own page.', 'store-widget' ),
		),
		'script'    => array(
			'clean' => __NAMESPACE__ . '\clean_address',
			'fault' => __( 'That is no address of a script. Give the one that “store widget snippet --pinned” prints, or nothing.', 'store-widget' ),
		),
		'integrity' => array(
			'clean' => __NAMESPACE__ . '\clean_integrity',
			'fault' => __( 'That is no integrity. It begins with sha384-, and “store widget snippet --pinned” prints it.', 'store-widget' ),
		),
	);
}

/**
 * Returns scheme, host and port of a store; null for what is none.
 *
 * @param string $text What was typed.
 */
function clean_origin( string $text ): ?string {
	if ( '' === $text ) {
		return '';
	}
	$parts = wp_parse_url( $text );
	if ( ! is_array( $parts ) || ! is_safe_way( $parts ) ) {
		return null;
	}
	$is_bare = '' === trim( $parts['path'] ?? '', '/' ) && ! isset( $parts['query'] ) && ! isset( $parts['fragment'] );
	$port    = isset( $parts['port'] ) ? ':' . $parts['port'] : '';
	return $is_bare ? strtolower( $parts['scheme'] . '://' . $parts['host'] ) . $port : null;
}

/**
 * Returns an address of a page or a file; null for what is none.
 *
 * @param string $text What was typed.
 */
function clean_address( string $text ): ?string {
	if ( '' === $text ) {
		return '';
	}
	$parts = wp_parse_url( $text );
	return is_array( $parts ) && is_safe_way( $parts ) ? esc_url_raw( $text, array( 'https', 'http' ) ) : null;
}

/**
 * Returns the hash of a script as browsers check it; null for what is none.
 *
 * @param string $text What was typed.
 */
function clean_integrity( string $text ): ?string {
	return preg_match( '#^(sha(256|384|512)-[A-Za-z0-9+/]+={0,2})?$#D', $text ) ? $text : null;
}

/**
 * Whether nobody on the way can listen in or write into it: https, or this machine.
 *
 * @param array<string, mixed> $parts An address in its parts.
 */
function is_safe_way( array $parts ): bool {
	$scheme = strtolower( $parts['scheme'] ?? '' );
	$host   = strtolower( $parts['host'] ?? '' );
	if ( isset( $parts['user'] ) || ! preg_match( '/^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/D', $host ) ) {
		return false;
	}
	return 'https' === $scheme || ( 'http' === $scheme && is_loopback( $host ) );
}

/**
 * Whether a host is this machine.
 *
 * @param string $host A host in lower case.
 */
function is_loopback( string $host ): bool {
	return in_array( $host, array( 'localhost', '[::1]' ), true ) || 1 === preg_match( '/^127(\.\d{1,3}){3}$/D', $host );
}

/**
 * Returns those of the types that the site has and shows.
 *
 * @param mixed $typed Names of post types.
 * @return string[]
 */
function clean_post_types( $typed ): array {
	return array_values( array_intersect( (array) $typed, array_keys( post_type_names() ) ) );
}

/**
 * Returns a choice, or the first where it is none of them.
 *
 * @param string[] $choices What may be chosen.
 * @param mixed    $typed   What was.
 */
function one_of( array $choices, $typed ): string {
	return in_array( $typed, $choices, true ) ? $typed : $choices[0];
}

/**
 * Returns how many products there is room for; null where nobody said so.
 *
 * @param mixed $typed A number, or nothing.
 */
function clean_count( $typed ): ?int {
	return is_numeric( $typed ) ? max( 0, min( MOST_COUNT, (int) $typed ) ) : null;
}

/**
 * Returns how long a copy of a card is shown before the store is asked anew.
 *
 * @param mixed $typed A number of seconds.
 */
function clean_cache_seconds( $typed ): int {
	return max( SHORTEST_CACHE, min( LONGEST_CACHE, (int) $typed ) );
}
