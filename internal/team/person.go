package team

import (
	"slices"
	"strings"
	"unicode"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team/secret"
)

// Theme is the look a person prefers.
type Theme string

// The themes; System follows the device.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Density is how tightly a person likes lists set.
type Density string

// The densities.
const (
	Comfortable Density = "comfortable"
	Compact     Density = "compact"
)

// Person is someone of the company who works with Kartoteka. People are never
// removed, because the history names them; they are deactivated.
type Person struct {
	ID          int64
	Version     int64 // grows with each change; a form sends it back
	Name        string
	Email       string
	Language    i18n.Lang
	Phone       string
	JobTitle    string
	Roles       []authz.Role // in the order of authz.Roles
	TeamIDs     []int64
	Active      bool
	Theme       Theme
	Density     Density
	HasPassword bool // false: invited, but has not chosen one yet
	TwoFactor   bool
	CreatedAt   clock.Instant
	SignedInAt  clock.Instant // last time; zero: never
}

// Initials are up to two letters for a person's badge: of the first and the
// last word of the name.
func (p Person) Initials() string { return initials(p.Name) }

func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	first := upper(words[0])
	if len(words) == 1 {
		return first
	}
	return first + upper(words[len(words)-1])
}

// upper is the first letter as a capital; Georgian has none that people use.
func upper(word string) string {
	r := []rune(word)[0]
	if unicode.Is(unicode.Georgian, r) {
		return string(r)
	}
	return string(unicode.ToUpper(r))
}

// IsAdministrator tells whether the person is an active administrator.
func (p Person) IsAdministrator() bool {
	return p.Active && slices.Contains(p.Roles, authz.Administrator)
}

// Colleague is what choosers of owners and lists of names need of a person.
type Colleague struct {
	ID       int64
	Name     string
	Initials string
	TeamIDs  []int64
	Active   bool
}

// PersonInput is what is set about a person by those who manage people.
type PersonInput struct {
	Name     string
	Email    string
	Language i18n.Lang // empty: the company's
	Phone    string
	JobTitle string
	Roles    []authz.Role
	TeamIDs  []int64
	Password string // only on creation; empty: the person gets an invitation
	Version  int64  // only on change: of the person the form showed
}

func (in PersonInput) tidy() PersonInput {
	in.Name = trim(in.Name)
	in.Email = trim(in.Email)
	in.Phone = trim(in.Phone)
	in.JobTitle = trim(in.JobTitle)
	in.Roles = orderedRoles(in.Roles)
	in.TeamIDs = slices.Clone(in.TeamIDs)
	slices.Sort(in.TeamIDs)
	in.TeamIDs = slices.Compact(in.TeamIDs)
	return in
}

const maxPhone = 50

func (in PersonInput) check() []errs.FieldError {
	var bad fieldErrors
	bad.text("name", in.Name, maxName)
	bad.when(in.Email == "", "email", "errors.field-missing")
	bad.when(in.Email != "" && !validEmail(in.Email), "email", "errors.field-not-an-email")
	bad.when(!in.Language.Valid(), "language", "errors.field-not-chosen")
	bad.max("phone", in.Phone, maxPhone)
	bad.max("job_title", in.JobTitle, maxName)
	bad.when(len(in.Roles) == 0, "roles", "team.error.roles-missing")
	bad.when(slices.ContainsFunc(in.Roles, func(r authz.Role) bool { return !r.Valid() }), "roles", "errors.field-not-chosen")
	if in.Password != "" {
		bad.password("password", in.Password, in.Name, in.Email)
	}
	return bad
}

// password says in which way a password is too weak.
func (f *fieldErrors) password(field, password, name, email string) {
	account, _, _ := strings.Cut(email, "@")
	switch secret.Weigh(password, name, email, account) {
	case secret.TooShort:
		f.add(field, "errors.field-too-short", "Min", secret.MinPassword)
	case secret.TooLong:
		f.add(field, "errors.field-too-long", "Max", secret.MaxPassword)
	case secret.TooPlain:
		f.add(field, "team.error.password-plain")
	case secret.TooCommon:
		f.add(field, "team.error.password-common")
	case secret.Acceptable:
	}
}

// orderedRoles puts roles in the order of authz.Roles, each once; unknown ones
// come last.
func orderedRoles(roles []authz.Role) []authz.Role {
	var out []authz.Role
	for _, r := range authz.Roles {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// emailKey is what makes two addresses the same account.
func emailKey(email string) string { return strings.ToLower(trim(email)) }

// personRecord is a person as the journal keeps them: no secrets.
type personRecord struct {
	Name     string       `json:"name"`
	Email    string       `json:"email"`
	Language i18n.Lang    `json:"language"`
	Phone    string       `json:"phone,omitempty"`
	JobTitle string       `json:"job_title,omitempty"`
	Roles    []authz.Role `json:"roles"`
	TeamIDs  []int64      `json:"team_ids,omitempty"`
	Active   bool         `json:"active"`
}

func (p Person) record() personRecord {
	return personRecord{p.Name, p.Email, p.Language, p.Phone, p.JobTitle, p.Roles, p.TeamIDs, p.Active}
}
