// Package i18n speaks the person's language: texts from the embedded locale
// files, plurals, and the way each language writes dates, numbers, money and
// the time gone by.
//
// Texts live in locales/<lang>/<module>.toml, one file a module and language,
// with flat quoted ids:
//
//	"customers.list.title" = "Customers"
//	["customers.list.count"]
//	one = "{{.Count}} customer"
//	other = "{{.Count}} customers"
//
// The locale travels in the context. A text that a language lacks is taken
// from English, and an unknown id is shown as it is: a page never fails for a
// text. The test beside this package makes sure neither happens.
package i18n
