package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/live"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 25 * time.Second

// catchUp is how many missed events a returning browser is told one by one;
// after a longer absence it is told to load its page anew.
const catchUp = 500

// Events is the stream of live updates. A browser that comes back says with
// Last-Event-ID (or ?after=) what it has seen and gets the rest.
func Events(hub *live.Hub) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		after, err := lastSeen(r)
		if err != nil {
			return err
		}
		out := http.NewResponseController(w)
		if err := out.SetWriteDeadline(time.Time{}); err != nil {
			return errs.Wrap("web.Events", err)
		}
		sub := hub.Subscribe()
		defer hub.Unsubscribe(sub)
		h := w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("X-Accel-Buffering", "no")
		w.WriteHeader(http.StatusOK)
		stream := eventStream{w: w, out: out}
		if err := stream.write(": here\nretry: 3000\n\n"); err != nil {
			return nil // the browser has left
		}
		if after > 0 {
			if err := stream.missed(r.Context(), hub, after); err != nil {
				return nil // it comes back and asks again
			}
		}
		stream.follow(r.Context(), sub)
		return nil
	}
}

func lastSeen(r *http.Request) (int64, error) {
	word := r.Header.Get("Last-Event-ID")
	if word == "" {
		word = r.URL.Query().Get("after")
	}
	if word == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0, errs.InvalidFields("web.Events", errs.Field("after", "errors.field-not-a-number"))
	}
	return id, nil
}

type eventStream struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

func (s eventStream) write(text string) error {
	if _, err := fmt.Fprint(s.w, text); err != nil {
		return err
	}
	return s.out.Flush()
}

func (s eventStream) event(e live.Event) error {
	subjects := []string{subject(e.SubjectType, e.SubjectID)}
	if e.CustomerID != 0 && e.SubjectType != "customer" {
		subjects = append(subjects, subject("customer", e.CustomerID))
	}
	data, err := json.Marshal(map[string]any{"kind": e.Kind, "subjects": subjects})
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("id: %d\nevent: journal\ndata: %s\n\n", e.ID, data))
}

func subject(kind string, id int64) string { return kind + ":" + strconv.FormatInt(id, 10) }

func (s eventStream) missed(ctx context.Context, hub *live.Hub, after int64) error {
	events, err := hub.Since(ctx, after, catchUp)
	if err != nil {
		return err
	}
	if len(events) == catchUp {
		return s.write("event: reload\ndata: {}\n\n")
	}
	for _, e := range events {
		if err := s.event(e); err != nil {
			return err
		}
	}
	return nil
}

func (s eventStream) follow(ctx context.Context, sub *live.Subscription) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-sub.Events():
			if !open || s.event(e) != nil {
				return
			}
		case <-beat.C:
			if s.write(": still here\n\n") != nil {
				return
			}
		}
	}
}
