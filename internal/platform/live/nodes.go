package live

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel is the name under which the nodes on one PostgreSQL talk.
const channel = "kartoteka_journal"

// listen hears of other nodes' entries on a connection of its own until ctx
// ends; a lost connection is made again and the gap read from the journal.
func (h *Hub) listen(ctx context.Context) {
	wait := time.Second
	for ctx.Err() == nil {
		err := h.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		h.log.WarnContext(ctx, "live updates from other nodes are interrupted", "error", fmt.Sprint(err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, 30*time.Second)
	}
}

func (h *Hub) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, h.db.PGX().Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("live: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	h.look(ctx) // what was written before we listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("live: %w", err)
		}
		node, words, _ := strings.Cut(n.Payload, " ")
		if node == h.node {
			continue
		}
		var ids []int64
		for _, word := range strings.Fields(words) {
			if id, err := strconv.ParseInt(word, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
		h.publish(ctx, ids)
	}
}
