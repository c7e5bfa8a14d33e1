package team

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
)

func TestWaitGrowsToItsEnd(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Second, 6: 2 * time.Second, 7: 4 * time.Second, 14: 512 * time.Second,
		15: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		if got := accountLimit.wait(failures); got != want {
			t.Errorf("%d failures: %v, want %v", failures, got, want)
		}
	}
}

func TestAttemptsAreForgotten(t *testing.T) {
	at := clock.InstantOf(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	many := attempts{failures: 50, last: at}
	if _, left := accountLimit.next(many, at.Add(10*time.Minute)); left != 5*time.Minute {
		t.Errorf("still %v", left)
	}
	if a, left := accountLimit.next(many, at.Add(15*time.Minute)); left != 0 || a.failures != 51 {
		t.Errorf("%+v, %v", a, left)
	}
	if a, left := accountLimit.next(many, at.Add(24*time.Hour)); left != 0 || a.failures != 1 {
		t.Errorf("%+v, %v", a, left)
	}
	if a, left := accountLimit.next(many, at.Add(-time.Hour)); left != 0 || a.failures != 1 {
		t.Errorf("a clock set back shuts people out: %+v, %v", a, left)
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.10": "192.0.2.10", "::ffff:192.0.2.10": "192.0.2.10", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "": "unknown", "localhost": "unknown", "192.0.2.10:80": "unknown",
	} {
		if got := network(address); got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}

var scoped = authz.Permission{ID: "a.scoped", Scoped: true}

func somePolicy(t *rapid.T) *policy {
	p := &policy{
		permissions: []authz.Permission{scoped, {ID: "a.whole"}, {ID: "b.whole"}}, fieldIDs: []string{"f", "g"},
		levels: map[cell]authz.Level{}, fields: map[cell]authz.FieldRight{},
	}
	for _, role := range authz.Roles {
		for _, perm := range p.permissions {
			p.levels[cell{role, perm.ID}] = authz.Level(rapid.IntRange(0, 3).Draw(t, "level"))
		}
		for _, id := range p.fieldIDs {
			p.fields[cell{role, id}] = authz.FieldRight(rapid.IntRange(0, 2).Draw(t, "field"))
		}
	}
	return p
}

func fieldRight(r rights, id string) authz.FieldRight {
	if right, limited := r.fields[id]; limited {
		return right
	}
	return authz.FieldWrite
}

func TestLowerLevelNeverGrantsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := authz.Level(rapid.IntRange(0, 3).Draw(t, "low"))
		high := authz.Level(rapid.IntRange(int(low), 3).Draw(t, "high"))
		owner := rapid.Int64Range(0, 3).Draw(t, "owner")
		team := rapid.Int64Range(0, 3).Draw(t, "team")
		teams := rapid.SliceOfN(rapid.Int64Range(1, 3), 0, 3).Draw(t, "teams")
		narrow := authz.Scope{Level: low, UserID: 1, TeamIDs: teams}
		wide := authz.Scope{Level: high, UserID: 1, TeamIDs: teams}
		if narrow.Allows(owner, team) && !wide.Allows(owner, team) {
			t.Fatalf("%v reaches what %v does not", low, high)
		}
		if (wayOf(wide, owner, team) != ByNone) != wide.Allows(owner, team) {
			t.Fatalf("the explanation contradicts the rule")
		}
	})
}

func TestMoreRolesNeverGrantLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePolicy(t)
		roles := rapid.SliceOfNDistinct(rapid.SampledFrom(authz.Roles), 1, 6, rapid.ID[authz.Role]).Draw(t, "roles")
		fewer, all := p.of(roles[:1]), p.of(roles)
		for _, perm := range p.permissions {
			if fewer.grants[perm.ID] > all.grants[perm.ID] {
				t.Fatalf("%s shrinks from %v to %v", perm.ID, fewer.grants[perm.ID], all.grants[perm.ID])
			}
		}
		for _, id := range p.fieldIDs {
			if fieldRight(fewer, id) > fieldRight(all, id) {
				t.Fatalf("field %s shrinks", id)
			}
		}
		if !p.covers(authz.Actor{Kind: authz.Person, Grants: all.grants, Fields: all.fields}, roles[:1]) {
			t.Fatal("who has all the roles does not cover one of them")
		}
	})
}

func TestCoversOnlyWhatOneHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePolicy(t)
		mine := []authz.Role{rapid.SampledFrom(authz.Roles).Draw(t, "mine")}
		theirs := []authz.Role{rapid.SampledFrom(authz.Roles).Draw(t, "theirs")}
		me, they := p.of(mine), p.of(theirs)
		if !p.covers(authz.Actor{Kind: authz.Person, Grants: me.grants, Fields: me.fields}, theirs) {
			return
		}
		for _, perm := range p.permissions {
			if they.grants[perm.ID] > me.grants[perm.ID] {
				t.Fatalf("%s: %v given by one who has %v", perm.ID, they.grants[perm.ID], me.grants[perm.ID])
			}
		}
		for _, id := range p.fieldIDs {
			if fieldRight(they, id) > fieldRight(me, id) {
				t.Fatalf("field %s", id)
			}
		}
	})
}

func TestNarrowedTokenNeverGrantsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := &snapshot{policy: somePolicy(t)}
		ids := []string{"a.scoped", "a.whole", "b.whole"}
		token := Token{
			ID: 1, Roles: rapid.SliceOfNDistinct(rapid.SampledFrom(authz.Roles), 1, 6, rapid.ID[authz.Role]).Draw(t, "roles"),
			Permissions: rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 3, rapid.ID[string]).Draw(t, "permissions"),
		}
		narrowed := snap.tokenActor(token, Person{})
		whole := snap.policy.of(token.Roles)
		for _, id := range ids {
			if narrowed.Level(id) > whole.grants[id] {
				t.Fatalf("%s: %v instead of %v", id, narrowed.Level(id), whole.grants[id])
			}
		}
	})
}

func TestOlderSnapshotDoesNotReplaceANewerOne(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := &Service{clock: clock.Fixed(at)}
	newer, older := &snapshot{version: 6, asked: at}, &snapshot{version: 5, asked: at}
	s.remember(newer)
	s.remember(older)
	if got := s.fresh(); got != newer {
		t.Errorf("version %d is used", got.version)
	}
	s.outdate(7)
	s.outdate(6)
	if s.fresh() != nil {
		t.Error("a snapshot is used that this node's own change has outdated")
	}
}
