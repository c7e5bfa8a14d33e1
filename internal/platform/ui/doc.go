// Package ui is the look of Kartoteka: one folder for each component, written
// in templ, and a catalogue page that shows them all in all their states. The
// components know nothing of customers; a page gives them typed props and gets
// HTML that works without script and gains from it. Styles and scripts are in
// the folder assets/ at the root of the repository.
//
// docs/ui-components.md lists the components for those who build pages.
package ui
