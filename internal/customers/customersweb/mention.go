package customersweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

// mentionOf is a mention as notes keep it.
func mentionOf(id int64) string { return "@[" + idText(id) + "]" }

// called puts the mentions of colleagues written as "@Nino" or "@Nino
// Maisuradze" into the form that is kept. A first name that several people
// share calls none of them, and who has left is called only where before, the
// text that is changed, did so.
func called(body string, people []team.Colleague, before string) string {
	if !strings.Contains(body, "@") {
		return body
	}
	first := map[string]int{}
	for _, c := range people {
		if name, _, _ := strings.Cut(c.Name, " "); c.Active {
			first[fold.Key(name)]++
		}
	}
	people = slices.Clone(people)
	slices.SortFunc(people, func(a, b team.Colleague) int {
		return cmp.Or(cmp.Compare(len(b.Name), len(a.Name)), compareBool(b.Active, a.Active), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range people {
		if c.Name == "" || !c.Active && !strings.Contains(before, mentionOf(c.ID)) {
			continue
		}
		body = callOne(body, c.Name, c.ID)
		if name, _, more := strings.Cut(c.Name, " "); more && c.Active && first[fold.Key(name)] == 1 {
			body = callOne(body, name, c.ID)
		}
	}
	return body
}

// callOne replaces "@name" where the name ends there.
func callOne(body, name string, id int64) string {
	var b strings.Builder
	for {
		i := strings.Index(body, "@"+name)
		if i < 0 {
			b.WriteString(body)
			return b.String()
		}
		end := i + 1 + len(name)
		rest := []rune(body[end:])
		if len(rest) > 0 && (unicode.IsLetter(rest[0]) || unicode.IsDigit(rest[0])) {
			b.WriteString(body[:end])
		} else {
			b.WriteString(body[:i] + mentionOf(id))
		}
		body = body[end:]
	}
}

// compareBool puts true after false.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// written is a note's text as it is edited: with the names of those it
// mentions, as far as called finds the same people by them again.
func written(body string, people []team.Colleague) string {
	names := map[int64]string{}
	for _, c := range people {
		if calls(c, people) != mentionOf(c.ID) {
			names[c.ID] = c.Name
		}
	}
	return customers.NoteText(body, names)
}

// calls is what is written to call a colleague: the name, or where another has
// the same one, the mention itself.
func calls(c team.Colleague, people []team.Colleague) string {
	for _, other := range people {
		if other.ID != c.ID && other.Name == c.Name {
			return mentionOf(c.ID)
		}
	}
	return "@" + c.Name
}

// maxCalled is how many colleagues the picker offers at once.
const maxCalled = 8

// showColleagues answers the picker of mentions: the colleagues one of whose
// names begins with what is typed, in any script.
func (p *Pages) showColleagues(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "id")
	if err != nil {
		return err
	}
	c, err := p.customers.Find(ctx, id)
	if err != nil {
		return err
	}
	people, err := p.team.People(ctx)
	if err != nil {
		return err
	}
	var options, others []field.Option
	key, me := fold.Key(r.URL.Query().Get("q")), authz.From(ctx).UserID
	for _, one := range people {
		if !one.Active || one.ID == me || !begins(fold.Key(one.Name), key) {
			continue
		}
		option := field.Option{Value: calls(one, people), Label: one.Name}
		blind, err := p.blind(ctx, one.ID, c)
		switch {
		case err != nil:
			return err
		case blind:
			option.Hint = i18n.T(ctx, "customers.dossier-mention.blind")
			others = append(others, option)
		default:
			options = append(options, option)
		}
	}
	options = append(options, others...)
	return web.Render(w, r, field.Matches(options[:min(len(options), maxCalled)]))
}

// begins tells that a name, or a word of it, begins so.
func begins(name, with string) bool {
	return strings.HasPrefix(name, with) || strings.Contains(name, " "+with)
}

// blind tells that a colleague may not see a customer, so that a mention does
// not reach them.
func (p *Pages) blind(ctx context.Context, personID int64, c customers.Customer) (bool, error) {
	e, err := p.team.ExplainPerson(authz.AsSystem(ctx, "mentions"), personID, "customers.view", c.OwnerID, c.TeamID)
	return !e.Allowed(), err
}

// toldOfBlind adds to a message who is mentioned in vain.
func (p *Pages) toldOfBlind(ctx context.Context, told string, n customers.Note) (string, error) {
	if !strings.Contains(n.Body, "@[") {
		return told, nil
	}
	c, err := p.customers.Find(ctx, n.CustomerID)
	if err != nil {
		return told, err
	}
	people, err := p.team.People(ctx)
	if err != nil {
		return told, err
	}
	var names []string
	for _, one := range people {
		if !strings.Contains(n.Body, mentionOf(one.ID)) {
			continue
		}
		blind, err := p.blind(ctx, one.ID, c)
		if err != nil {
			return told, err
		}
		if blind {
			names = append(names, one.Name)
		}
	}
	if len(names) > 0 {
		told += ". " + i18n.T(ctx, "customers.dossier-mention.in-vain", "Names", strings.Join(names, ", "))
	}
	return told, nil
}
