// Package pdf sets A4 documents that look like our paper: ink on white, index
// cards, hairlines, one accent. A module says what the document contains
// (Document and its blocks), never where it stands; the package breaks lines
// and pages, repeats table headings and numbers the pages.
//
// The same document gives the same bytes: the moment it is dated comes from the
// caller. Any text can be given, from any source: what cannot be printed
// (control characters, direction marks) is left out, and a sign our fonts do
// not have is printed as □, so that its absence is seen. Text is never
// upper-cased.
//
// Lengths are millimetres, type sizes points.
package pdf
