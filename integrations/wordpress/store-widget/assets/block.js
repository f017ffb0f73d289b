// The store's block in the editor: what its author may set. PHP makes what readers see.
( function ( blocks, blockEditor, components, element, i18n ) {
	const { createElement, Fragment } = element;
	const { __ } = i18n;

	function edit( { attributes, setAttributes } ) {
		const set = ( name ) => ( value ) => setAttributes( { [ name ]: value } );
		const counts = [ '0', '1', '2', '3', '4' ].map( ( count ) => ( { label: count, value: count } ) );
		const fields = createElement(
			components.PanelBody,
			{ title: __( 'Store', 'store-widget' ) },
			createElement( components.TextControl, {
				label: __( 'Products, by their handles, separated by commas', 'store-widget' ),
				help: __( 'Empty: the story’s words choose.', 'store-widget' ),
				value: attributes.products,
				onChange: set( 'products' ),
			} ),
			createElement( components.ToggleControl, {
				label: __( 'Sell nothing here', 'store-widget' ),
				checked: attributes.quiet,
				onChange: set( 'quiet' ),
			} ),
			createElement( components.SelectControl, {
				label: __( 'Number of products', 'store-widget' ),
				value: attributes.count,
				options: [ { label: __( 'As everywhere', 'store-widget' ), value: '' }, ...counts ],
				onChange: set( 'count' ),
			} )
		);
		const chosen = attributes.products || __( 'products that fit the story', 'store-widget' );
		const shown = attributes.quiet ? __( 'the two lines alone', 'store-widget' ) : chosen;
		return createElement(
			Fragment,
			null,
			createElement( blockEditor.InspectorControls, null, fields ),
			createElement( 'p', blockEditor.useBlockProps(), `${ __( 'Store', 'store-widget' ) }: ${ shown }` )
		);
	}

	blocks.registerBlockType( 'store-widget/card', { edit, save: () => null } );
} )( window.wp.blocks, window.wp.blockEditor, window.wp.components, window.wp.element, window.wp.i18n );
