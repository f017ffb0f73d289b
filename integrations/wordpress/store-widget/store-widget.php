<?php
/**
 * Puts the store's block under the stories of a news site.
 *
 * Plugin Name:       Store Widget
 * Description:       A line to your store, products that fit the story, the newsletter and the tips line, under every story.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       store-widget
 * Domain Path:       /languages
 *
 * @package Store_Widget
 */

namespace Store_Widget;

defined( 'ABSPATH' ) || exit;

const VERSION = '1.0.0';
const FILE    = __FILE__;

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/settings-page.php';
require_once __DIR__ . '/includes/story.php';
require_once __DIR__ . '/includes/editing.php';
require_once __DIR__ . '/includes/fragment.php';
require_once __DIR__ . '/includes/asking.php';
require_once __DIR__ . '/includes/keeping.php';
require_once __DIR__ . '/includes/rendering.php';
require_once __DIR__ . '/includes/placing.php';

add_action( 'init', __NAMESPACE__ . '\load_translations' );
add_action( 'init', __NAMESPACE__ . '\register_story_meta' );
add_action( 'init', __NAMESPACE__ . '\register_block' );
add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'admin_menu', __NAMESPACE__ . '\add_settings_page' );
add_action( 'add_meta_boxes', __NAMESPACE__ . '\add_story_box' );
add_action( 'save_post', __NAMESPACE__ . '\save_story_box' );
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\enqueue_stylesheet' );
add_shortcode( 'store_widget', __NAMESPACE__ . '\shortcode' );

// Late: shortcodes and blocks have become markup by then, so it is known whether one of them is ours.
add_filter( 'the_content', __NAMESPACE__ . '\append_block', 30 );

/**
 * Loads the texts in the site's language.
 */
function load_translations() {
	load_plugin_textdomain( 'store-widget', false, dirname( plugin_basename( FILE ) ) . '/languages' );
}
