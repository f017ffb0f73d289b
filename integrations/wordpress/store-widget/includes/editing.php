<?php
/**
 * What an editor sets for one story, in a box beside it.
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const BOX_NONCE = 'store_widget_story';

/**
 * Registers what is kept with a story, so that every editor's tool can set it as the box does.
 */
function register_story_meta() {
	$meta = array(
		META_PRODUCTS => array(
			'type'              => 'string',
			'description'       => __( 'Handles of the products under this story, separated by commas.', 'store-widget' ),
			'sanitize_callback' => __NAMESPACE__ . '\clean_handles',
		),
		META_QUIET    => array(
			'type'              => 'boolean',
			'description'       => __( 'Nothing is sold under this story.', 'store-widget' ),
			'sanitize_callback' => __NAMESPACE__ . '\is_yes',
		),
	);
	foreach ( settings()['post_types'] as $post_type ) {
		foreach ( $meta as $key => $described ) {
			$described += array(
				'single'        => true,
				'show_in_rest'  => true,
				'auth_callback' => __NAMESPACE__ . '\may_edit_story',
			);
			register_post_meta( $post_type, $key, $described );
		}
	}
}

/**
 * Whether somebody may change what stands under a story: whoever may change the story.
 *
 * @param bool   $allowed Whether WordPress would let her.
 * @param string $key     What is to be changed.
 * @param int    $post_id The story.
 */
function may_edit_story( $allowed, $key, $post_id ): bool {
	return current_user_can( 'edit_post', $post_id );
}

/**
 * Adds the box to the screens on which stories are written.
 *
 * @param string $post_type What is being edited.
 */
function add_story_box( $post_type ) {
	if ( ! in_array( $post_type, settings()['post_types'], true ) ) {
		return;
	}
	add_meta_box(
		'store-widget',
		__( 'Store', 'store-widget' ),
		__NAMESPACE__ . '\print_story_box',
		$post_type,
		'side',
		'default',
		array( '__block_editor_compatible_meta_box' => true )
	);
}

/**
 * Prints the box.
 *
 * @param \WP_Post $post The story.
 */
function print_story_box( $post ) {
	wp_nonce_field( BOX_NONCE, BOX_NONCE . '_nonce' );
	printf(
		'<p><label for="store-widget-products">%s</label><br><input type="text" id="store-widget-products" name="store_widget_products" value="%s" class="widefat"></p>',
		esc_html__( 'Products, by their handles, separated by commas. Empty: the story’s words choose.', 'store-widget' ),
		esc_attr( (string) get_post_meta( $post->ID, META_PRODUCTS, true ) )
	);
	printf(
		'<p><label><input type="checkbox" name="store_widget_quiet" value="1"%s> %s</label></p>',
		checked( is_yes( get_post_meta( $post->ID, META_QUIET, true ) ), true, false ),
		esc_html__( 'Sell nothing under this story.', 'store-widget' )
	);
}

/**
 * Keeps what the box sent.
 *
 * @param int $post_id The story.
 */
function save_story_box( $post_id ) {
	if ( ! is_box_sent( $post_id ) ) {
		return;
	}
	// phpcs:disable WordPress.Security.NonceVerification.Missing -- is_box_sent() has verified it.
	// phpcs:disable WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- clean_handles() and is_yes() let nothing else through.
	$products = clean_handles( wp_unslash( $_POST['store_widget_products'] ?? '' ) );
	$is_quiet = is_yes( wp_unslash( $_POST['store_widget_quiet'] ?? '' ) );
	// phpcs:enable
	keep_meta( $post_id, META_PRODUCTS, $products );
	keep_meta( $post_id, META_QUIET, $is_quiet );
}

/**
 * Whether the box was sent by somebody who saw it and may change the story; revisions keep nothing.
 *
 * @param int $post_id The story.
 */
function is_box_sent( $post_id ): bool {
	$nonce = isset( $_POST[ BOX_NONCE . '_nonce' ] ) ? sanitize_key( wp_unslash( $_POST[ BOX_NONCE . '_nonce' ] ) ) : '';
	return wp_verify_nonce( $nonce, BOX_NONCE )
		&& ! ( defined( 'DOING_AUTOSAVE' ) && DOING_AUTOSAVE )
		&& ! wp_is_post_revision( $post_id )
		&& current_user_can( 'edit_post', $post_id );
}

/**
 * Keeps a value with a story; what says nothing leaves no row behind.
 *
 * @param int         $post_id The story.
 * @param string      $key     Under which it is kept.
 * @param string|bool $value   The value.
 */
function keep_meta( int $post_id, string $key, $value ) {
	if ( $value ) {
		update_post_meta( $post_id, $key, $value );
	} else {
		delete_post_meta( $post_id, $key );
	}
}
