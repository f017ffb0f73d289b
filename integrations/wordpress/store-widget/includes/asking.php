<?php
/**
 * Asks the store for the card of a story.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const LONGEST_WAIT = 1;
const MOST_BYTES   = 65536;

/**
 * Returns the card as markup that may be printed, or an error that says whether the store is down.
 *
 * @param string $store Address of the store.
 * @param string $query What is asked.
 * @return string|\WP_Error
 */
function ask_store( string $store, string $query ) {
	// Not wp_safe_remote_get(), which refuses the loopback addresses of a demonstration: the address
	// is an administrator's and was checked when it was set, and nobody is led on from there.
	$answer = wp_remote_get(
		$store . '/widget/v1/card.html?' . $query,
		array(
			'timeout'             => LONGEST_WAIT,
			'redirection'         => 0,
			'limit_response_size' => MOST_BYTES,
		)
	);
	if ( is_wp_error( $answer ) || wp_remote_retrieve_response_code( $answer ) >= 500 ) {
		return new \WP_Error( 'store_down' );
	}
	$html = is_card( $answer ) ? safe_fragment( wp_remote_retrieve_body( $answer ), $store ) : null;
	return $html ?? new \WP_Error( 'no_card' );
}

/**
 * Whether an answer says that it is a card to keep; the store marks its own stopgaps.
 *
 * @param array<string, mixed> $answer What the store answered.
 */
function is_card( array $answer ): bool {
	$type    = (string) wp_remote_retrieve_header( $answer, 'content-type' );
	$caching = (string) wp_remote_retrieve_header( $answer, 'cache-control' );
	return 200 === wp_remote_retrieve_response_code( $answer )
		&& 0 === stripos( $type, 'text/html' )
		&& false === stripos( $caching, 'no-store' );
}

/**
 * Returns the query, in the order and form in which the store itself knows it.
 *
 * @param array<string, mixed> $story What is asked about.
 */
function query_of( array $story ): string {
	$asked = array( 'url' => $story['url'] );
	if ( $story['quiet'] ) {
		$asked['quiet'] = '1';
	} else {
		$asked['title']    = $story['title'];
		$asked['section']  = $story['section'];
		$asked['tags']     = implode( ',', $story['tags'] );
		$asked['products'] = $story['products'];
		$asked['count']    = USUAL_COUNT === $story['count'] ? '' : (string) $story['count'];
	}
	$asked['locale'] = get_bloginfo( 'language' );
	return http_build_query( array_filter( $asked, 'strlen' ), '', '&' );
}
