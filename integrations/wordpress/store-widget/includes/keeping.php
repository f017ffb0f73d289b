<?php
/**
 * Keeps the cards of stories: fresh for a minute or as set, stale for a day, and asks for each once.
 *
 * No reader waits for a store that is slow: she sees the last card, or none. One request asks anew
 * while the others show what there is, and a store that is down is left alone for a while.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const STALE_SECONDS = DAY_IN_SECONDS;
const REST_SECONDS  = 30;
const LOCK_SECONDS  = 10;

/**
 * Returns the card of a story as markup that may be printed; empty where there is none.
 *
 * @param array<string, mixed> $story    What is asked about.
 * @param array<string, mixed> $settings The settings in force.
 */
function card_of( array $story, array $settings ): string {
	$query = query_of( $story );
	// The version is in it: what an older allow-list let through is not shown by a newer one.
	$name = 'store_widget_' . md5( VERSION . $settings['store'] . '?' . $query );
	$copy = copy_under( $name );
	if ( $copy['fresh_until'] > time() || rests( $name ) || rests( $settings['store'] ) || ! lock( $name ) ) {
		return $copy['html'];
	}
	$card = ask_store( $settings['store'], $query );
	if ( is_wp_error( $card ) ) {
		// One story's question may be at fault, or the whole store.
		let_rest( 'store_down' === $card->get_error_code() ? $settings['store'] : $name );
	} else {
		keep_copy( $name, $card, clean_cache_seconds( $settings['cache_seconds'] ) );
	}
	unlock( $name );
	return is_wp_error( $card ) ? $copy['html'] : $card;
}

/**
 * Returns the copy that is kept, or one that is empty and was never fresh.
 *
 * @param string $name Under which it is kept.
 * @return array{html: string, fresh_until: int}
 */
function copy_under( string $name ): array {
	$copy = get_transient( $name );
	return is_array( $copy ) ? $copy : array(
		'html'        => '',
		'fresh_until' => 0,
	);
}

/**
 * Keeps a copy: one row is both the fresh and the stale one.
 *
 * @param string $name    Under which it is kept.
 * @param string $html    The card.
 * @param int    $seconds How long it is fresh.
 */
function keep_copy( string $name, string $html, int $seconds ) {
	$copy = array(
		'html'        => $html,
		'fresh_until' => time() + $seconds,
	);
	set_transient( $name, $copy, $seconds + STALE_SECONDS );
}

/**
 * Whether something is not asked for the moment.
 *
 * @param string $what A store, or the card of one story.
 */
function rests( string $what ): bool {
	return (bool) get_transient( 'store_widget_rest_' . md5( $what ) );
}

/**
 * Asks no more for a while.
 *
 * @param string $what A store, or the card of one story.
 */
function let_rest( string $what ) {
	set_transient( 'store_widget_rest_' . md5( $what ), 1, REST_SECONDS );
}

/**
 * Whether this request alone may ask for a card.
 *
 * A transient would let two requests in that look at the same moment; a row with a unique name does
 * not, as in WordPress' own upgrader, whose lock is not loaded on a reader's page.
 *
 * @param string $name Under which the card is kept.
 */
function lock( string $name ): bool {
	global $wpdb;
	// phpcs:disable WordPress.DB.DirectDatabaseQuery -- It must be one statement, and no cache may answer.
	$wpdb->query(
		// What a request left behind that died.
		$wpdb->prepare(
			"DELETE FROM $wpdb->options WHERE option_name = %s AND option_value < %s",
			$name . '_lock',
			(string) ( time() - LOCK_SECONDS )
		)
	);
	return (bool) $wpdb->query(
		$wpdb->prepare(
			"INSERT IGNORE INTO $wpdb->options (option_name, option_value, autoload) VALUES (%s, %s, 'no')",
			$name . '_lock',
			(string) time()
		)
	);
	// phpcs:enable
}

/**
 * Lets others ask again.
 *
 * @param string $name Under which the card is kept.
 */
function unlock( string $name ) {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- As it was locked.
	$wpdb->delete( $wpdb->options, array( 'option_name' => $name . '_lock' ) );
}
