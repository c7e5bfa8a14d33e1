// Package fields is what a company asks beyond what Kartoteka knows by itself:
// custom fields of records and custom forms filed with them.
//
// Nouns: Question (what is asked: label, type, choices), Definition (a question
// as a field of a record type, "customer"), value (what a record answers, by
// the field's slug), Form (an ordered list of questions the head designs, in
// editions), Filled (a form as someone filled it, with the edition it answers).
//
// Values go in and out in the shapes of the API: texts, links and choices (by
// slug) as string, numbers as decimal string ("12.5"), money as Amount, days as
// "2006-01-02", multi-choices as []string, yes/no as bool; nil is no value.
// What is decoded from JSON is understood too.
//
// Tables: fields_catalogue (one row; its version grows with every change of
// fields and forms), fields_definitions, fields_values, fields_forms,
// fields_editions, fields_filled. Definitions and forms are few: each node
// keeps them in memory and learns of changes made elsewhere within two seconds
// (see catalogue.go).
//
// Write, Values and Erase run in the transaction of the module whose record it
// is, after that module has checked the right to it.
package fields
