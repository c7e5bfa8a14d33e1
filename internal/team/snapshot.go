package team

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
)

// trusted is how long a snapshot is used without asking whether its version is
// still the newest.
const trusted = 2 * time.Second

// snapshot is company, people, teams and rights as of one version. It is never
// changed, only replaced.
type snapshot struct {
	version int64
	asked   time.Time // when the version was last compared
	company Company
	people  map[int64]Person
	ordered []Person // by name
	teams   []Team   // by name
	policy  *policy
}

// current gives a snapshot that is at most two seconds behind other nodes and
// never behind this one.
func (s *Service) current(ctx context.Context) (*snapshot, error) {
	if snap := s.fresh(); snap != nil {
		return snap, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if snap := s.fresh(); snap != nil {
		return snap, nil // another caller has just loaded it
	}
	var snap *snapshot
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		version, err := findVersion(ctx, tx)
		if err != nil {
			return err
		}
		snap, err = s.at(ctx, tx, version)
		return err
	})
	if err != nil {
		return nil, errs.Wrap("team.current", err)
	}
	return snap, nil
}

func (s *Service) fresh() *snapshot {
	snap := s.known.Load()
	if snap == nil || snap.version < s.least.Load() || s.clock.Now().Sub(snap.asked).Abs() >= trusted {
		return nil
	}
	return snap
}

// at gives the snapshot of the version that the transaction has seen: the one
// in memory if it is that, else a new one.
func (s *Service) at(ctx context.Context, tx *db.Tx, version int64) (*snapshot, error) {
	now := s.clock.Now()
	snap := s.known.Load()
	switch {
	case snap == nil || snap.version != version:
		var err error
		if snap, err = s.load(ctx, tx); err != nil {
			return nil, fmt.Errorf("load: %w", err)
		}
	case now.Sub(snap.asked).Abs() < trusted/2:
		return snap, nil
	default:
		again := *snap
		snap = &again
	}
	snap.asked = now
	s.remember(snap)
	return snap, nil
}

// remember keeps a snapshot unless a newer one is known: a transaction may
// have begun before another's change.
func (s *Service) remember(snap *snapshot) {
	for {
		old := s.known.Load()
		if old != nil && old.version > snap.version || s.known.CompareAndSwap(old, snap) {
			return
		}
	}
}

func (s *Service) load(ctx context.Context, tx *db.Tx) (*snapshot, error) {
	snap := &snapshot{people: map[int64]Person{}}
	var err error
	if snap.company, snap.version, err = findCompany(ctx, tx); err != nil {
		return nil, err
	}
	if snap.ordered, err = listPeople(ctx, tx); err != nil {
		return nil, err
	}
	if snap.teams, err = listTeams(ctx, tx); err != nil {
		return nil, err
	}
	if snap.policy, err = loadPolicy(ctx, tx, s.permissions, s.fields); err != nil {
		return nil, err
	}
	snap.arrange()
	return snap, nil
}

// arrange sorts, gives each person their teams and indexes them.
func (snap *snapshot) arrange() {
	slices.SortFunc(snap.teams, func(a, b Team) int {
		return cmp.Or(cmp.Compare(fold.Sort(a.Name), fold.Sort(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	teams := map[int64][]int64{}
	for _, t := range snap.teams {
		for _, id := range t.MemberIDs {
			teams[id] = append(teams[id], t.ID)
		}
	}
	keys := make(map[int64]string, len(snap.ordered))
	for i := range snap.ordered {
		p := &snap.ordered[i]
		p.TeamIDs = teams[p.ID]
		slices.Sort(p.TeamIDs)
		keys[p.ID] = fold.Sort(p.Name)
	}
	slices.SortFunc(snap.ordered, func(a, b Person) int {
		return cmp.Or(cmp.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range snap.ordered {
		snap.people[p.ID] = p
	}
}

// reach is the teams whose records the person's "team" level covers: those
// they belong to and those they head.
func (snap *snapshot) reach(p Person) []int64 {
	ids := slices.Clone(p.TeamIDs)
	for _, t := range snap.teams {
		if t.HeadID == p.ID && !slices.Contains(ids, t.ID) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

const sqlFindVersion = `SELECT version FROM team_company WHERE id = 1`

func findVersion(ctx context.Context, tx *db.Tx) (int64, error) {
	version, err := db.One(ctx, tx, db.Value[int64], sqlFindVersion)
	if err != nil {
		return 0, fmt.Errorf("version: %w", err)
	}
	return version, nil
}

const sqlNextVersion = `UPDATE team_company SET version = version + 1 WHERE id = 1 RETURNING version`

// change runs a use case that changes what the snapshot holds. The company's
// row is written first: that lock lets changes of the team happen one after
// the other, so that a rule over several people (the last administrator) sees
// what others have decided.
func (s *Service) change(ctx context.Context, op string, fn func(tx *db.Tx) error) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		version, err := db.One(ctx, tx, db.Value[int64], sqlNextVersion)
		if err != nil {
			return fmt.Errorf("version: %w", err)
		}
		tx.AfterCommit(func() { s.outdate(version) })
		return fn(tx)
	})
	return errs.Wrap(op, err)
}

// outdate makes snapshots older than the version useless on this node.
func (s *Service) outdate(version int64) {
	for {
		least := s.least.Load()
		if least >= version || s.least.CompareAndSwap(least, version) {
			return
		}
	}
}
