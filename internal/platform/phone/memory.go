package phone

import "sync"

// To read a number takes long beside everything else that is done with a
// customer, and one number is read several times on its way: when it is typed,
// checked, indexed and shown. So the last few thousand are remembered.
var (
	parsed  memory[question, Number]
	written memory[string, writings] // by E.164
)

// question is what Parse is asked.
type question struct{ raw, country string }

// young is how many answers are remembered before the older half is forgotten.
const young = 4096

// memory keeps the newest answers; safe for concurrent use.
type memory[K comparable, V any] struct {
	mu       sync.Mutex
	new, old map[K]V
}

func (m *memory[K, V]) find(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.new[k]
	if !ok {
		v, ok = m.old[k]
	}
	return v, ok
}

func (m *memory[K, V]) keep(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.new == nil || len(m.new) >= young {
		m.new, m.old = map[K]V{}, m.new
	}
	m.new[k] = v
}
