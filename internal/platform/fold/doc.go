// Package fold makes the keys by which names are found and sorted, whatever
// the script and spelling they came in.
//
// Key is for finding: Иванов, Ivanov, Iwanow, Ivanoff and ივანოვი have one key.
// It works by sound, roughly: a word is written in Latin letters, then spelling
// habits of English, German, Polish, French and Georgian romanisation are
// brought to one form, and the endings that change with the language (the
// Georgian nominative, Russian -ская for Polish -ska) are evened out. Different
// names may share a key now and then; that is the price of finding, so a key is
// never an identity.
//
// Sort is for ordering: Latin, Cyrillic, Georgian, each by its own alphabet.
package fold
