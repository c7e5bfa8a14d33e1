package customers

import (
	"context"

	"kartoteka.dev/internal/platform/db"
)

// A Handler is told of an event within the transaction that made it: what it
// does is kept or lost together with the change.
type Handler func(ctx context.Context, tx *db.Tx, c Customer) error

type events struct {
	created, changed, archived, restored, erased []Handler
}

// OnCreated tells fn of every new customer.
func (s *Service) OnCreated(fn Handler) { s.events.created = append(s.events.created, fn) }

// OnChanged tells fn of every change of a customer or of what hangs on it.
func (s *Service) OnChanged(fn Handler) { s.events.changed = append(s.events.changed, fn) }

// OnArchived tells fn of every customer that is archived.
func (s *Service) OnArchived(fn Handler) { s.events.archived = append(s.events.archived, fn) }

// OnRestored tells fn of every customer that comes back from the archive.
func (s *Service) OnRestored(fn Handler) { s.events.restored = append(s.events.restored, fn) }

// OnErased tells fn of every person that is erased.
func (s *Service) OnErased(fn Handler) { s.events.erased = append(s.events.erased, fn) }

func tell(ctx context.Context, tx *db.Tx, handlers []Handler, c Customer) error {
	for _, fn := range handlers {
		if err := fn(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
