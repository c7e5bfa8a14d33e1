// Package customers is the customer file: organisations and persons we work
// with, their units, contacts, contact points and addresses, and everything
// noted about them.
//
// Nouns: Customer, Contact, Point (phone, e-mail, messenger, web page),
// Address, Tag, ImportantDate, Consent, Source, Note, File. A unit or branch
// is a customer of its own with a parent.
//
// It owns the tables customers_*. customers_words is an index under which a
// customer is found, kept in the transaction that changes what it is made of;
// CheckWords proves it against a recount.
//
// Every change bumps the customer's version, dates it and writes the journal
// in the same transaction. Events out: see events.go. It asks the company for
// its defaults and custom fields for their values through the interfaces in
// customers.go.
package customers
