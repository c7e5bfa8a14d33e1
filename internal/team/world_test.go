package team_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/secret"
)

const password = "seven quiet pears"

var (
	office   = team.Device{Address: "192.0.2.10", Agent: "Firefox"}
	stranger = team.Device{Address: "198.51.100.7", Agent: "curl"}
)

// view is another module's permission, limited to own, team or all records.
var view = authz.Permission{ID: "customers.view", Label: "x", Scoped: true, Default: map[authz.Role]authz.Level{
	authz.Head: authz.All, authz.Supervisor: authz.Team, authz.Manager: authz.Own, authz.Operator: authz.Team,
}}

// world is a company in its first minute: set up, with one administrator.
type world struct {
	*team.Service
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	hashes *atomic.Int64
	admin  team.Person
	ctx    context.Context // Kartoteka itself acts
}

func newService(t *testing.T, d *db.DB, c clock.Clock, seen func()) *team.Service {
	t.Helper()
	store, err := files.OpenFolder(t.TempDir(), c)
	if err != nil {
		t.Fatal(err)
	}
	return team.New(team.Deps{
		DB: d, Clock: c, Files: store, Hasher: secret.NewHasherWith(2, func(password, salt []byte, _, _ uint32, _ uint8, keyLen uint32) []byte {
			seen()
			return cheap(password, salt, keyLen)
		}),
		Permissions: append(team.Permissions(), view),
		Fields:      []team.FieldDefinition{{ID: "customers.tax_id", Label: "x"}, {ID: "customers.note", Label: "x"}},
	})
}

// cheap stands in for argon2id at its real cost, which secret's own tests pay.
func cheap(password, salt []byte, keyLen uint32) []byte {
	return argon2.IDKey(password, salt, 1, 8, 1, keyLen)
}

func empty(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{
		t: t, db: d, hashes: &atomic.Int64{}, ctx: authz.AsSystem(t.Context(), "test"),
		clock: clock.Fixed(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)),
	}
	w.Service = newService(t, d, w.clock, func() { w.hashes.Add(1) })
	return w
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := empty(t, d)
		var err error
		if w.admin, err = w.Setup(t.Context(), answers()); err != nil {
			t.Fatal(err)
		}
		test(t, w)
	})
}

func answers() team.SetupInput {
	return team.SetupInput{
		Language: i18n.Bulgarian, Company: "Rodopi Cheese", Country: "BG", Currency: "EUR", Zone: "Europe/Sofia",
		AdminName: "Maria Ivanova", AdminEmail: "maria@example.com", AdminPassword: password,
	}
}

func (w *world) person(name, email string, roles ...authz.Role) team.Person {
	w.t.Helper()
	p, err := w.CreatePerson(w.ctx, team.PersonInput{Name: name, Email: email, Roles: roles, Password: password})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// as signs the person in as far as rights go.
func (w *world) as(p team.Person) context.Context {
	w.t.Helper()
	a, err := w.ActorOf(w.ctx, p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return authz.With(w.t.Context(), a)
}

func (w *world) signIn(email string) team.SignedIn {
	w.t.Helper()
	in, err := w.SignIn(w.t.Context(), email, password, office)
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

// entries are the journal about a subject.
func (w *world) entries(subject journal.Ref) (all []journal.Record) {
	w.t.Helper()
	err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		all, err = journal.List(w.ctx, tx, journal.Query{Subject: subject, Limit: 100})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) told(subject journal.Ref, kind string) bool {
	w.t.Helper()
	for _, e := range w.entries(subject) {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

func want(t *testing.T, what string, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func fieldsOf(err error) (names []string) {
	for _, f := range errs.FieldsOf(err) {
		names = append(names, f.Name)
	}
	return names
}

func personRef(p team.Person) journal.Ref { return journal.Ref{Type: "person", ID: p.ID} }

var companyRef = journal.Ref{Type: "company", ID: 1}
