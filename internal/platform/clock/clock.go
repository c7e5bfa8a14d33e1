// Package clock is the only source of time. Services take a Clock so that
// tests decide what "now" is; days are calendar days of the company's zone and
// instants are microseconds of UTC, the two shapes the database stores.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

type system struct{}

func (system) Now() time.Time { return time.Now().UTC() }

// System is the machine's clock.
var System Clock = system{}

// Manual is a clock that stands still until it is set; safe for concurrent
// use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// Fixed returns a clock standing at t.
func Fixed(t time.Time) *Manual { return &Manual{now: t.UTC()} }

// Now implements Clock.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock by d.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

// Set puts the clock at t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC()
}

// Instant is a moment: microseconds since 1970 in UTC; 0 means none.
type Instant int64

// InstantOf rounds a time down to microseconds.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time gives the moment in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// IsZero tells that there is no moment.
func (i Instant) IsZero() bool { return i == 0 }

// Add moves the moment by d.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }
