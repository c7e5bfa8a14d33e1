package team

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// People gives everyone by name, the deactivated too, as choosers and lists
// need them; from memory, open to every signed-in actor.
func (s *Service) People(ctx context.Context) ([]Colleague, error) {
	if err := authz.RequireSomeone(ctx, "team.People"); err != nil {
		return nil, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Colleague, len(snap.ordered))
	for i, p := range snap.ordered {
		all[i] = p.colleague()
	}
	return all, nil
}

// Names gives the name of each id that belongs to a person; from memory, for
// lists and filters that show owners.
func (s *Service) Names(ctx context.Context, ids ...int64) (map[int64]string, error) {
	if err := authz.RequireSomeone(ctx, "team.Names"); err != nil {
		return nil, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(ids))
	for _, id := range ids {
		if p, ok := snap.people[id]; ok {
			names[id] = p.Name
		}
	}
	return names, nil
}

// FindColleague gives one person as everyone may see them; NotFound if there
// is none.
func (s *Service) FindColleague(ctx context.Context, id int64) (Colleague, error) {
	const op = "team.FindColleague"
	if err := authz.RequireSomeone(ctx, op); err != nil {
		return Colleague{}, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return Colleague{}, err
	}
	p, ok := snap.people[id]
	if !ok {
		return Colleague{}, errs.New(errs.NotFound, op, "team.error.person-not-found")
	}
	return p.colleague(), nil
}

func (p Person) colleague() Colleague {
	return Colleague{ID: p.ID, Name: p.Name, Initials: p.Initials(), TeamIDs: p.TeamIDs, Active: p.Active}
}

// PeopleFilter narrows the list of people; its zero value shows the active
// ones.
type PeopleFilter struct {
	Text        string // part of name, e-mail address or job title, in any script
	Role        authz.Role
	TeamID      int64
	Deactivated bool // only the deactivated instead of the active
	State       PersonState
}

// PersonState is how far a person has come in; empty means any.
type PersonState string

// The states the list can be narrowed to.
const (
	Invited   PersonState = "invited"    // has chosen no password yet
	NotYetIn  PersonState = "not-yet-in" // has a password, never signed in
	WithoutTF PersonState = "one-factor" // signs in with the password alone
)

// PersonStates in the order in which pages show them.
var PersonStates = []PersonState{Invited, NotYetIn, WithoutTF}

func (f PeopleFilter) inState(p Person) bool {
	switch f.State {
	case Invited:
		return !p.HasPassword
	case NotYetIn:
		return p.HasPassword && p.SignedInAt.IsZero()
	case WithoutTF:
		return p.HasPassword && !p.TwoFactor
	}
	return true
}

// ListPeople gives the matching people by name, as the page of people shows
// them. A company's people are few: there are no pages.
func (s *Service) ListPeople(ctx context.Context, f PeopleFilter) ([]Person, error) {
	const op = "team.ListPeople"
	if _, err := authz.Require(ctx, op, "team.people"); err != nil {
		return nil, err
	}
	snap, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	var fresh []Person
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		fresh, err = listPeople(ctx, tx)
		return err
	})
	if err != nil {
		return nil, errs.Wrap(op, err)
	}
	signedIn := make(map[int64]clock.Instant, len(fresh))
	for _, p := range fresh {
		signedIn[p.ID] = p.SignedInAt // signing in does not renew what is in memory
	}
	f.Text = trim(f.Text)
	var found []Person
	for _, p := range snap.ordered {
		if f.matches(p) {
			p.SignedInAt = signedIn[p.ID]
			found = append(found, p)
		}
	}
	return found, nil
}

func (f PeopleFilter) matches(p Person) bool {
	return p.Active != f.Deactivated &&
		(f.Role == "" || slices.Contains(p.Roles, f.Role)) &&
		(f.TeamID == 0 || slices.Contains(p.TeamIDs, f.TeamID)) &&
		(f.Text == "" || p.has(f.Text)) && f.inState(p)
}

// has tells whether the text is part of what the person is found by: as
// written, or by sound in another script.
func (p Person) has(text string) bool {
	all := p.Name + " " + p.Email + " " + p.JobTitle
	key := fold.Key(text)
	return strings.Contains(strings.ToLower(all), strings.ToLower(text)) ||
		key != "" && strings.Contains(fold.Key(all), key)
}

// FindPerson gives one person with everything but secrets: for those who
// manage people, and for oneself.
func (s *Service) FindPerson(ctx context.Context, id int64) (p Person, err error) {
	const op = "team.FindPerson"
	if a := authz.From(ctx); a.Kind != authz.Person || a.UserID != id {
		if _, err := authz.Require(ctx, op, "team.people"); err != nil {
			return Person{}, err
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = findPerson(ctx, tx, op, id)
		return err
	})
	return p, errs.Wrap(op, err)
}

// Me gives the acting person.
func (s *Service) Me(ctx context.Context) (Person, error) {
	id, err := authz.RequirePerson(ctx, "team.Me")
	if err != nil {
		return Person{}, err
	}
	return s.FindPerson(ctx, id)
}
