<?php
/**
 * What the store is told of a story: its public words, each bounded, and what its editor chose.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const META_PRODUCTS = '_store_widget_products';
const META_QUIET    = '_store_widget_quiet';

// The store reads no more than this, give or take: longer questions would only miss its caches.
const LONGEST_TITLE   = 200;
const LONGEST_SECTION = 80;
const LONGEST_TAG     = 60;
const MOST_TAGS       = 12;
const MOST_PRODUCTS   = 4;

/**
 * Returns what is asked about a story.
 *
 * @param \WP_Post             $post   The story.
 * @param array<string, mixed> $placed What a shortcode or a block says: products, quiet, count.
 * @return array{url: string, title: string, section: string, tags: string[], products: string, quiet: bool, count: int}
 */
function story_of( \WP_Post $post, array $placed = array() ): array {
	$products = clean_handles( $placed['products'] ?? '' );
	$story    = array(
		'url'      => (string) get_permalink( $post ),
		'title'    => one_line( get_the_title( $post ), LONGEST_TITLE ),
		'section'  => section_of( $post ),
		'tags'     => tags_of( $post ),
		'products' => '' !== $products ? $products : clean_handles( get_post_meta( $post->ID, META_PRODUCTS, true ) ),
		// Whoever asks for quiet gets it; no second word takes it back.
		'quiet'    => is_yes( $placed['quiet'] ?? '' ) || is_yes( get_post_meta( $post->ID, META_QUIET, true ) ),
		'count'    => clean_count( $placed['count'] ?? '' ) ?? clean_count( settings()['count'] ) ?? USUAL_COUNT,
	);
	/**
	 * Filters what the store is asked about a story: for sites whose section is no category.
	 *
	 * @param array    $story What is asked.
	 * @param \WP_Post $post  The story.
	 */
	return apply_filters( 'store_widget_story', $story, $post );
}

/**
 * Whether anybody may read it: a draft's headline is told to nobody, not even to the store.
 *
 * @param \WP_Post $post The story.
 */
function is_out( \WP_Post $post ): bool {
	return 'publish' === get_post_status( $post ) && '' === $post->post_password;
}

/**
 * Returns the name of the first category.
 *
 * @param \WP_Post $post The story.
 */
function section_of( \WP_Post $post ): string {
	$categories = get_the_category( $post->ID );
	return $categories ? one_line( $categories[0]->name, LONGEST_SECTION ) : '';
}

/**
 * Returns the names of the tags, as many as are looked at.
 *
 * @param \WP_Post $post The story.
 * @return string[]
 */
function tags_of( \WP_Post $post ): array {
	$tags  = get_the_tags( $post->ID );
	$names = array();
	foreach ( is_array( $tags ) ? $tags : array() as $tag ) {
		// The comma is what separates them.
		$names[] = one_line( str_replace( ',', ' ', $tag->name ), LONGEST_TAG );
	}
	return array_slice( array_values( array_unique( array_filter( $names ) ) ), 0, MOST_TAGS );
}

/**
 * Returns words without markup on one line, cut where they are too long.
 *
 * WordPress keeps names with their entities and dresses titles with more of them; the store and the
 * tag want the words themselves.
 *
 * @param string $text    What WordPress has.
 * @param int    $longest How many letters.
 */
function one_line( string $text, int $longest ): string {
	$words = html_entity_decode( wp_strip_all_tags( $text, true ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	return trim( mb_substr( trim( preg_replace( '/\s+/u', ' ', $words ) ?? '' ), 0, $longest ) );
}

/**
 * Returns handles of products in the order given, separated by commas; what is none is left out.
 *
 * @param mixed $text Handles, separated by commas.
 */
function clean_handles( $text ): string {
	$handles = array_map( 'trim', explode( ',', strtolower( is_string( $text ) ? $text : '' ) ) );
	$handles = preg_grep( '/^[a-z0-9][a-z0-9-]{0,159}$/D', $handles );
	return implode( ',', array_slice( array_unique( $handles ), 0, MOST_PRODUCTS ) );
}

/**
 * Whether something is said to be so, in the words that the store understands.
 *
 * @param mixed $said As an attribute, a form or the database has it.
 */
function is_yes( $said ): bool {
	if ( ! is_string( $said ) ) {
		return (bool) $said;
	}
	return ! in_array( strtolower( trim( $said ) ), array( '', '0', 'false', 'no', 'off' ), true );
}
