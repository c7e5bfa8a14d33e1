package team

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/money"
	"kartoteka.dev/internal/team/calendar"
)

// Company is the company that uses this Kartoteka, with its settings.
type Company struct {
	SetUp        bool               `json:"set_up"` // the guided first run is done
	Name         string             `json:"name"`
	Country      string             `json:"country"` // ISO 3166
	Language     i18n.Lang          `json:"language"`
	Currency     string             `json:"currency"` // ISO 4217
	Zone         string             `json:"zone"`     // IANA
	Calendar     calendar.Calendar  `json:"calendar"`
	NumberPrefix string             `json:"number_prefix"` // before customers' numbers: "K-"
	Help         map[i18n.Lang]Help `json:"help"`          // whom to ask when something fails
	StatusURL    string             `json:"status_url"`    // of a status JSON hosted elsewhere
	Sender       string             `json:"sender"`        // e-mail address that messages come from
	Logo         string             `json:"logo"`          // hash of the stored file
	Lock         Lock               `json:"lock"`
}

// Help is shown on every error page: whom to ask, in the reader's language.
type Help struct {
	Text string `json:"text"`
	Link string `json:"link"`
}

// Lock closes Kartoteka for maintenance to all but those with the code.
type Lock struct {
	On      bool   `json:"on"`
	Message string `json:"message"`
}

// Location is the company's time zone.
func (c Company) Location() *time.Location {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return time.UTC // checked when it was set; the machine lacks its zones
	}
	return zone
}

// Today is the company's calendar day at a moment.
func (c Company) Today(now time.Time) clock.Day { return clock.DayOf(now, c.Location()) }

// HelpIn gives the help in a language, else in the company's own, else in any.
func (c Company) HelpIn(lang i18n.Lang) Help {
	for _, l := range append([]i18n.Lang{lang, c.Language}, i18n.Langs...) {
		if h, ok := c.Help[l]; ok {
			return h
		}
	}
	return Help{}
}

// CompanyInput is what the administrator sets about the company. An empty
// Calendar stands for the country's usual one.
type CompanyInput struct {
	Name         string
	Country      string
	Language     i18n.Lang
	Currency     string
	Zone         string
	Calendar     calendar.Calendar
	NumberPrefix string
	Help         map[i18n.Lang]Help
	StatusURL    string
	Sender       string
	Logo         string
}

// Limits of texts, in characters.
const (
	maxName    = 120
	maxAddress = 254
	maxHelp    = 1000
	maxLink    = 500
)

var (
	formCountry = regexp.MustCompile(`^[A-Z]{2}$`)
	formPrefix  = regexp.MustCompile(`^[\p{L}\p{N}/.-]{0,8}$`)
	formHash    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// tidy trims what was typed and fills in the country's calendar.
func (in CompanyInput) tidy() CompanyInput {
	in.Name = trim(in.Name)
	in.Country = strings.ToUpper(trim(in.Country))
	in.Currency = strings.ToUpper(trim(in.Currency))
	in.Zone = trim(in.Zone)
	in.NumberPrefix = trim(in.NumberPrefix)
	in.StatusURL = trim(in.StatusURL)
	in.Sender = trim(in.Sender)
	if in.Calendar.IsZero() {
		in.Calendar = calendar.CountryOf(in.Country).Calendar()
	}
	in.Calendar = in.Calendar.Tidy()
	help := map[i18n.Lang]Help{}
	for lang, h := range in.Help {
		h = Help{Text: trim(h.Text), Link: trim(h.Link)}
		if h != (Help{}) {
			help[lang] = h
		}
	}
	in.Help = help
	return in
}

// check names every field of a tidy input that cannot stay.
func (in CompanyInput) check() []errs.FieldError {
	var bad fieldErrors
	bad.text("name", in.Name, maxName)
	bad.when(!formCountry.MatchString(in.Country), "country", "errors.field-not-chosen")
	bad.when(!in.Language.Valid(), "language", "errors.field-not-chosen")
	bad.when(!money.Valid(in.Currency), "currency", "errors.field-not-chosen")
	bad.when(!validZone(in.Zone), "zone", "errors.field-not-chosen")
	bad.when(!in.Calendar.Valid(), "calendar", "team.error.calendar-wrong")
	bad.when(!formPrefix.MatchString(in.NumberPrefix), "number_prefix", "team.error.prefix-wrong")
	bad.when(in.StatusURL != "" && !validLink(in.StatusURL), "status_url", "errors.field-not-a-link")
	bad.when(in.Sender != "" && !validEmail(in.Sender), "sender", "errors.field-not-an-email")
	bad.when(in.Logo != "" && !formHash.MatchString(in.Logo), "logo", "errors.field-not-chosen")
	for _, lang := range i18n.Langs {
		h := in.Help[lang]
		bad.max("help_"+string(lang), h.Text, maxHelp)
		bad.when(h.Link != "" && !validHelpLink(h.Link), "help_link_"+string(lang), "errors.field-not-a-link")
	}
	for lang := range in.Help {
		bad.when(!lang.Valid(), "help", "errors.field-not-chosen")
	}
	return bad
}

func (in CompanyInput) company(before Company) Company {
	return Company{
		SetUp: before.SetUp, Lock: before.Lock,
		Name: in.Name, Country: in.Country, Language: in.Language, Currency: in.Currency, Zone: in.Zone,
		Calendar: in.Calendar, NumberPrefix: in.NumberPrefix, Help: in.Help,
		StatusURL: in.StatusURL, Sender: in.Sender, Logo: in.Logo,
	}
}

// fieldErrors collects what fields need.
type fieldErrors []errs.FieldError

func (f *fieldErrors) add(field, textID string, args ...any) {
	*f = append(*f, errs.Field(field, textID, args...))
}

func (f *fieldErrors) when(wrong bool, field, textID string) {
	if wrong {
		f.add(field, textID)
	}
}

// text wants something, but not too much of it.
func (f *fieldErrors) text(field, value string, limit int) {
	f.when(value == "", field, "errors.field-missing")
	f.max(field, value, limit)
}

func (f *fieldErrors) max(field, value string, limit int) {
	if utf8.RuneCountInString(value) > limit {
		f.add(field, "errors.field-too-long", "Max", limit)
	}
}

// trim takes away what nobody types on purpose and PostgreSQL does not store.
func trim(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	return strings.TrimSpace(norm.NFC.String(s))
}

func validZone(zone string) bool {
	if zone == "" || zone == "Local" {
		return false
	}
	_, err := clock.Zone(zone)
	return err == nil
}

func validEmail(s string) bool {
	if len(s) > maxAddress || strings.ContainsAny(s, "\r\n\x00") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func validLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= maxLink && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// validHelpLink also allows writing or calling whoever helps.
func validHelpLink(s string) bool {
	u, err := url.Parse(s)
	return validLink(s) || err == nil && len(s) <= maxLink && (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != ""
}
