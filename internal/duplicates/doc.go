// Package duplicates finds customers that are in the file more than once.
//
// The finding itself, package matching, is pure. This package reads records for
// it and measures how well it does: Evaluate compares what was found in a
// spreadsheet with what is known to be true.
package duplicates
