package i18n

import (
	"github.com/go-playground/locales"
	"github.com/go-playground/locales/bg"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/ka"
	"github.com/go-playground/locales/pl"
	"github.com/go-playground/locales/ru"
)

// noBreak is the space that keeps a number and its unit on one line.
const noBreak = "\u00a0"

// grammar is how a language writes: plural rule and month names come from
// CLDR by way of the locales library, the rest is set here.
type grammar struct {
	locales.Translator
	ownName string
	point   string // between whole and fraction
	group   string // between thousands
	// groupFrom is the number of digits from which thousands are parted:
	// Bulgarian, Georgian and Polish write 1234, but 12 345.
	groupFrom int
	percent   string
	// dayMonth and year are put around: "22 Nov" + " " + "2026" + " г."
	yearEnd string
	short   string // time layout of a short date
	// signFirst puts signs such as € before the figure, without a space.
	signFirst bool
}

var grammars = map[Lang]*grammar{
	English:   {Translator: en_GB.New(), ownName: "English", point: ".", group: ",", groupFrom: 4, percent: "%", short: "02/01/2006", signFirst: true},
	Bulgarian: {Translator: bg.New(), ownName: "Български", point: ",", group: noBreak, groupFrom: 5, percent: "%", yearEnd: noBreak + "г.", short: "02.01.2006"},
	Russian:   {Translator: ru.New(), ownName: "Русский", point: ",", group: noBreak, groupFrom: 4, percent: noBreak + "%", yearEnd: noBreak + "г.", short: "02.01.2006"},
	Georgian:  {Translator: ka.New(), ownName: "ქართული", point: ",", group: noBreak, groupFrom: 5, percent: "%", short: "02.01.2006"},
	Polish:    {Translator: pl.New(), ownName: "Polski", point: ",", group: noBreak, groupFrom: 5, percent: "%", short: "02.01.2006"},
}

// grammarOf gives English for a language we do not have.
func grammarOf(l Lang) *grammar {
	if g, ok := grammars[l]; ok {
		return g
	}
	return grammars[English]
}
