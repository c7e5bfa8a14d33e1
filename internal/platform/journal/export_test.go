package journal

import "time"

// Statement is one that chooses entries, for tests of its plan.
type Statement struct {
	Text string
	Args []any
}

// ChosenStatements are the ways by which entries are chosen.
func ChosenStatements() []Statement {
	var all []Statement
	for _, q := range []Query{
		{Kinds: []string{"a.x", "b.z"}, Limit: 7},
		{Kinds: []string{"a.x", "a.y", "b.z"}, From: 1, To: 2, Limit: 7},
		{Kinds: []string{"a.x"}, ActorID: 2, Limit: 7},
		{Kinds: []string{"a.x", "b.z"}, CustomerID: 2, Limit: 7},
	} {
		text, args := choose(q, 1<<62)
		all = append(all, Statement{text, args})
	}
	return all
}

// Hasten sets how long a feed waits for transactions that run.
func Hasten(f *Feed, wait time.Duration) { f.wait = wait }
