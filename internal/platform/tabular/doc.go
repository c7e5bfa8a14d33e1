// Package tabular reads and writes spreadsheets that come from or go to the
// outside: delimited text in any of the usual encodings, XLSX, and, for
// reading, address books of vCards, each card a row.
//
// Reading streams: a Source holds a sample and one row, however long the file
// is, and treats its input as hostile. What makes the whole file unreadable is
// an error of Open or of Rows (kind Invalid or TooLarge, with a text that says
// the way out); what concerns one row is that row's Problem, and never spreads
// to the rows after it.
//
// Text: the encoding comes from the byte order mark, else valid UTF-8, else
// the pattern of zero bytes (UTF-16), else the letters (Cyrillic, Polish), else
// the company's language. Options overrules every guess.
//
// XLSX is read straight from its parts: a row reader of our own, because the
// meaning of a cell is in its type and style (a date is only a number with a
// style), because a broken part must be an error and not an early end, and
// because pictures and other sheets need not be unpacked. It is written by
// excelize.
//
// Values are read by ParseDate, ParseNumber and ParseBool, which know the ways
// of five languages and say when a value can be read in two ways.
//
// Writing never lets a text run as a formula. In CSV such a text gets a leading
// apostrophe, which reading takes off again: what is exported comes back equal.
package tabular
