package i18n

import (
	"context"
	"time"

	"golang.org/x/text/language"
)

// Lang is a language of the interface: its two-letter code.
type Lang string

// The languages every text exists in.
const (
	English   Lang = "en"
	Bulgarian Lang = "bg"
	Russian   Lang = "ru"
	Georgian  Lang = "ka"
	Polish    Lang = "pl"
)

// Langs are all languages in the order they are offered.
var Langs = []Lang{English, Bulgarian, Russian, Georgian, Polish}

// OwnName is how speakers call the language.
func (l Lang) OwnName() string { return grammarOf(l).ownName }

// Valid tells whether the language is one of Langs.
func (l Lang) Valid() bool {
	_, ok := grammars[l]
	return ok
}

// Locale is how one person reads: language, time zone and the currency that
// amounts without one are meant in.
type Locale struct {
	Lang     Lang
	Zone     *time.Location
	Currency string
}

type localeKey struct{}

var fallback = Locale{Lang: English, Zone: time.UTC, Currency: "EUR"}

// With puts the locale into the context; what it leaves empty is filled with
// English, UTC and EUR.
func With(ctx context.Context, l Locale) context.Context {
	if !l.Lang.Valid() {
		l.Lang = fallback.Lang
	}
	if l.Zone == nil {
		l.Zone = fallback.Zone
	}
	if l.Currency == "" {
		l.Currency = fallback.Currency
	}
	return context.WithValue(ctx, localeKey{}, &l)
}

// From gives the locale of the context; without one English, UTC and EUR.
func From(ctx context.Context) Locale { return *from(ctx) }

func from(ctx context.Context) *Locale {
	if l, ok := ctx.Value(localeKey{}).(*Locale); ok {
		return l
	}
	return &fallback
}

// maxAccept bounds the header we are willing to read.
const maxAccept = 500

// Match picks the language for an Accept-Language header: the most wanted one
// that we have, or English.
func Match(acceptLanguage string) Lang {
	if len(acceptLanguage) > maxAccept {
		return fallback.Lang
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return fallback.Lang
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		if l := Lang(base.String()); l.Valid() {
			return l
		}
	}
	return fallback.Lang
}
