package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/demo"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
)

// demoBlock is how many customers are held at once; their events are written
// in the order of time.
const demoBlock = 2000

// demoFiller writes the invented company into an empty store through the use
// cases everybody uses. Its clock stands where the history is, so that the
// journal tells of years of work.
type demoFiller struct {
	company *company
	clock   *clock.Manual
	today   clock.Day
	lang    i18n.Lang
	made    *demo.Generator
	staff   []authz.Actor    // by index of the generator
	teams   map[string]int64 // by name
	sources map[string]string
	ids     []int64 // of customers, by index of the generator

	histories int // customers from this index on have neither notes nor files; negative: all have
}

// told tells whether a customer has a history.
func (f *demoFiller) told(index int) bool { return f.histories < 0 || index < f.histories }

// demoSignIns are the addresses that demo tells to sign in with.
type demoSignIns struct{ administrator, manager string }

func newDemo(c clock.Clock) (*demo.Generator, error) {
	return demo.New(demo.Options{Seed: demoSeed, Today: clock.DayOf(c.Now(), time.UTC)})
}

func demoPeople(c clock.Clock) demoSignIns {
	g, err := newDemo(c)
	if err != nil {
		return demoSignIns{}
	}
	find := func(role string) string {
		for _, p := range g.Staff() {
			if p.Role == role {
				return p.Email
			}
		}
		return ""
	}
	return demoSignIns{find(string(authz.Administrator)), find(string(authz.Manager))}
}

// fillDemo makes the company that the command asks for.
func fillDemo(ctx context.Context, o *Options, s Streams, d *demoCommand) (err error) {
	lang := i18n.Lang(d.Language)
	made, err := newDemo(clock.System)
	if err != nil {
		return err
	}
	now := clock.System.Now()
	hand := clock.Fixed(now.AddDate(-4, 0, 0))
	c, err := openCompanyAt(ctx, o, s, hand)
	if err != nil {
		return err
	}
	defer func() { c.close(ctx) }()
	f := &demoFiller{
		company: c, clock: hand, today: clock.DayOf(now, time.UTC), lang: lang, made: made,
		teams: map[string]int64{}, sources: map[string]string{}, histories: d.Histories,
	}
	ctx = i18n.With(authz.AsSystem(ctx, "kartoteka demo"), i18n.Locale{Lang: lang, Zone: time.UTC, Currency: made.Company().Currency})
	for _, step := range []func(context.Context) error{f.makeCompany, f.makeStaff, f.makeFields} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return f.makeCustomers(ctx, d.Customers)
}

func (f *demoFiller) makeCompany(ctx context.Context) error {
	own := f.made.Company()
	head := f.made.Staff()[f.first(authz.Administrator)]
	_, err := f.company.team.Setup(ctx, team.SetupInput{
		Language: f.lang, Company: own.Name, Country: own.Country, Currency: own.Currency, Zone: own.Zone,
		AdminName: head.Name, AdminEmail: head.Email, AdminPassword: demoPassword,
	})
	if err != nil {
		return err
	}
	for _, name := range own.Teams {
		t, err := f.company.team.CreateTeam(ctx, team.NamedTeam{Name: name})
		if err != nil {
			return err
		}
		f.teams[name] = t.ID
	}
	for _, s := range f.made.Sources() {
		f.sources[s.Code] = s.Names[string(f.lang)]
	}
	return nil
}

func (f *demoFiller) first(role authz.Role) int {
	return slices.IndexFunc(f.made.Staff(), func(p demo.Person) bool { return p.Role == string(role) })
}

// makeStaff adds everybody; they act later with all rights, whatever their
// role allows today.
func (f *demoFiller) makeStaff(ctx context.Context) error {
	everything := map[string]authz.Level{}
	for _, p := range permissions() {
		everything[p.ID] = authz.All
	}
	administrator := f.first(authz.Administrator)
	for i, p := range f.made.Staff() {
		in := team.PersonInput{
			Name: p.Name, Email: p.Email, Roles: []authz.Role{authz.Role(p.Role)}, Language: f.lang, Password: demoPassword,
		}
		if id, ok := f.teams[p.Team]; ok {
			in.TeamIDs = []int64{id}
		}
		var person team.Person
		var err error
		if i == administrator {
			person, err = f.administrator(ctx, in)
		} else {
			person, err = f.company.team.CreatePerson(ctx, in)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		f.staff = append(f.staff, authz.Actor{Kind: authz.Person, UserID: person.ID, Name: person.Name, Grants: everything})
	}
	return nil
}

// administrator was made by the setup; only the team is missing.
func (f *demoFiller) administrator(ctx context.Context, in team.PersonInput) (team.Person, error) {
	all, err := f.company.team.ListPeople(ctx, team.PeopleFilter{})
	if err != nil {
		return team.Person{}, err
	}
	if len(all) != 1 {
		return team.Person{}, errors.New("the store has people already")
	}
	in.Version, in.Password = all[0].Version, ""
	return f.company.team.ChangePerson(ctx, all[0].ID, in)
}

// fieldTypes are the generator's kinds of fields in our words.
var fieldTypes = map[string]fields.Type{
	"choice": fields.Choice, "number": fields.Number, "text": fields.LongText,
	"yesno": fields.YesNo, "money": fields.Money, "date": fields.Date,
}

func (f *demoFiller) makeFields(ctx context.Context) error {
	for _, d := range f.made.Fields() {
		q := fields.Question{Slug: d.Key, Words: f.words(d.Names), Type: fieldTypes[d.Kind]}
		if q.Type == fields.Money {
			q.Currency = f.made.Company().Currency
		}
		for _, choice := range d.Choices {
			q.Options = append(q.Options, fields.Option{Slug: choice.Code, Words: f.words(choice.Names)})
		}
		if _, err := f.company.fields.CreateField(ctx, fields.NewField{RecordType: customers.RecordType, Question: q}); err != nil {
			return fmt.Errorf("field %s: %w", d.Key, err)
		}
	}
	return nil
}

func (f *demoFiller) words(names map[string]string) fields.Words {
	w := fields.Words{Label: names[string(f.lang)], Labels: map[i18n.Lang]string{}}
	for l, name := range names {
		w.Labels[i18n.Lang(l)] = name
	}
	return w
}

// demoEvent is one thing that happened at a customer.
type demoEvent struct {
	at       clock.Instant
	actor    int
	customer int
	happen   func(ctx context.Context, tx *db.Tx) error
}

func (f *demoFiller) makeCustomers(ctx context.Context, n int) error {
	var block []demo.Customer
	for c := range f.made.Customers(n) {
		block = append(block, c)
		if len(block) == demoBlock {
			if err := f.write(ctx, block); err != nil {
				return err
			}
			block = block[:0]
		}
	}
	return f.write(ctx, block)
}

// write puts a block into the file: first the history of those that have one in
// the order of time, two hundred events a transaction, then all the others,
// which may belong to them.
func (f *demoFiller) write(ctx context.Context, block []demo.Customer) error {
	f.ids = append(f.ids, make([]int64, len(block))...)
	var events []demoEvent
	for i := range block {
		if f.told(block[i].Index) {
			events = append(events, f.history(&block[i])...)
		}
	}
	slices.SortStableFunc(events, func(a, b demoEvent) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.customer, b.customer))
	})
	for part := range slices.Chunk(events, 200) {
		err := f.company.db.Write(ctx, func(tx *db.Tx) error {
			for _, e := range part {
				f.clock.Set(e.at.Time())
				if err := e.happen(authz.With(ctx, f.staff[e.actor]), tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := f.attach(ctx, block); err != nil {
		return err
	}
	return f.writeUntold(ctx, block)
}

// history is how a customer came into the file and what was noted since.
func (f *demoFiller) history(c *demo.Customer) []demoEvent {
	index := c.Index
	came := cameAt(c)
	events := []demoEvent{{came, c.Owner, index, func(ctx context.Context, tx *db.Tx) error {
		results, err := f.company.customers.CreateIn(ctx, tx, []customers.NewCustomer{f.customer(c)})
		if err == nil {
			err = results[0].Err
		}
		if err != nil {
			return fmt.Errorf("customer %d (%s): %w", index, c.Name, err)
		}
		f.ids[index] = results[0].Customer.ID
		return nil
	}}}
	for _, n := range f.made.Notes(c) {
		at := max(n.At, came+1)
		events = append(events, demoEvent{at, n.Author, index, func(ctx context.Context, tx *db.Tx) error {
			_, err := f.company.customers.AddNotes(ctx, tx, []customers.NewNote{{
				CustomerID: f.ids[index], Kind: noteKind(n), Body: n.Text, HappenedAt: at,
			}})
			return err
		}})
	}
	return events
}

// noteWords tell the kind of contact by what the note says; the rest are
// calls.
var noteWords = []struct {
	kind  customers.NoteKind
	words []string
}{
	{customers.VisitNote, []string{"visit", "showroom", "на място", "посещ", "визит", "приех", "wizyt", "ვიზიტ", "ადგილზე"}},
	{customers.MeetingNote, []string{"meeting", "met ", "срещ", "встреч", "spotkan", "შეხვედრ"}},
	{customers.EmailNote, []string{"mail", "мейл", "имейл", "писмо", "письм", "почт", "მეილ", "წერილ"}},
}

func noteKind(n demo.Note) customers.NoteKind {
	text := strings.ToLower(n.Text)
	for _, k := range noteWords {
		if slices.ContainsFunc(k.words, func(word string) bool { return strings.Contains(text, word) }) {
			return k.kind
		}
	}
	return customers.CallNote
}

// attach adds the documents of the block's customers.
func (f *demoFiller) attach(ctx context.Context, block []demo.Customer) error {
	for i := range block {
		c := &block[i]
		if !f.told(c.Index) {
			continue
		}
		for _, a := range f.made.Attachments(c) {
			f.clock.Set(f.dated(a.Name).Time(time.UTC).Add(9 * time.Hour))
			acting := authz.With(ctx, f.staff[c.Owner])
			if _, err := f.company.customers.AttachFile(acting, f.ids[c.Index], a.Name, bytes.NewReader(a.Content)); err != nil {
				return fmt.Errorf("file %s: %w", a.Name, err)
			}
		}
	}
	return nil
}

// joined puts the lines of an address into one.
func joined(lines []string) string { return strings.Join(lines, ", ") }

var dateInName = regexp.MustCompile(`20\d{6}`)

// dated is the day in a document's name, else today.
func (f *demoFiller) dated(name string) clock.Day {
	n, err := strconv.Atoi(dateInName.FindString(name))
	if day := clock.Day(n); err == nil && day.Valid() && day < f.today {
		return day
	}
	return f.today
}
