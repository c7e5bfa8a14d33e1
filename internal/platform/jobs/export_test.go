package jobs

import (
	"context"
	"time"
)

// Hasty makes a runner of this configuration look and beat fast enough for
// tests.
func Hasty(c Config) Config {
	c.timing = timing{
		margin: time.Second, beat: 20 * time.Millisecond, lost: time.Minute,
		tick: 20 * time.Millisecond, poll: 100 * time.Millisecond, test: true,
	}
	return c
}

// Unhurried is Hasty, but jobs are only looked for when the runner is told of
// them.
func Unhurried(c Config) Config {
	c = Hasty(c)
	c.timing.poll = time.Hour
	return c
}

// Watch is one round of upkeep, repeatable.
func (r *Runner) Watch() func(context.Context) error { return r.watch() }
