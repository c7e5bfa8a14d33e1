// Package imports brings spreadsheets in: it stores the file, finds out how it
// is laid out, suggests which column goes where, shows what would come of it,
// and runs the import in the background, in small transactions that others
// hardly notice.
//
// Nouns: Import (one file on its way in), Column (of the file, and the field it
// goes to), Fix (a correction of one cell made in the preview), Target (what
// can be imported: customers, later sales; the owning module implements it).
//
// Each transaction holds some rows' records, what became of these rows, and how
// far the import is: an import that is killed goes on behind the last row that
// is done, and does none twice. References between records (a unit's parent)
// are set in a second pass, so that rows may come in any order.
//
// It owns the tables imports_*. Job: imports.run.
package imports
