// Package vcard reads and writes the cards of address books: vCard 2.1, 3.0
// and 4.0, any number of them in one stream.
//
// Reading treats its input as hostile and goes on where a card is broken: what
// is wrong with a card is one of its Faults, with the physical line, and never
// spreads to the next card. Only one card is held at a time, and pictures,
// sounds and keys not at all.
//
// The three versions are read by one set of rules, because programs mix them:
// folded lines and soft line breaks, quoted-printable and base64, CHARSET,
// grouped names (item1.TEL), parameters with and without TYPE=, and escapes.
//
// Writing makes version 4.0.
package vcard
