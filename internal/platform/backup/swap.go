package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kartoteka.dev/internal/platform/db"
)

// swapName is the file that says which swap is under way in a data folder. As
// long as it is there, the swap is carried on before anything else.
const swapName = "restore.json"

// swap exchanges parts of a data folder for restored ones. All its names are
// within the folder.
type swap struct {
	From  string   `json:"from"`  // folder of the restored parts
	Aside string   `json:"aside"` // folder that takes what is there
	Out   []string `json:"out"`   // what is put aside, first
	In    []string `json:"in"`    // what then takes its place
}

// swapFolder puts the restored parts in their places. The names it has found
// are written down first: from then on the swap happens, whatever is switched
// off meanwhile.
func (t Target) swapFolder(ctx context.Context, staging, stamp string) (aside string, err error) {
	s := swap{From: filepath.Base(staging), Aside: "before-" + stamp}
	path := filepath.Join(t.Dir, db.FileName)
	if there(path) {
		if err := db.Settle(ctx, path); err != nil {
			return "", err
		}
	}
	names := []string{db.FileName, db.FileName + "-wal", db.FileName + "-shm"}
	if t.Files == nil {
		names = append(names, "files")
	}
	for _, name := range names {
		if there(filepath.Join(t.Dir, name)) {
			s.Out = append(s.Out, name)
		}
		if there(filepath.Join(staging, name)) {
			s.In = append(s.In, name)
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if len(s.Out) > 0 {
		aside = filepath.Join(t.Dir, s.Aside)
		if err := os.Mkdir(aside, 0o700); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
	}
	draft := filepath.Join(staging, swapName)
	if err := writeDurably(draft, text); err != nil {
		return "", err
	}
	if err := errors.Join(syncDir(staging), os.Rename(draft, filepath.Join(t.Dir, swapName)), syncDir(t.Dir)); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	return aside, Finish(t.Dir)
}

func writeDurably(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// Finish carries on a restore that was interrupted in the middle of its swap.
// Call it before a data folder is opened; usually there is nothing to do.
func Finish(dir string) error {
	path := filepath.Join(dir, swapName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s swap
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil {
		err = s.carryOn(dir)
	}
	if err == nil {
		err = errors.Join(os.Remove(path), syncDir(dir))
	}
	if err != nil {
		return fmt.Errorf("a restore was interrupted and cannot be carried on: %w", err)
	}
	_ = os.RemoveAll(filepath.Join(dir, s.From)) // what is left there is of no use
	return nil
}

// carryOn does every step that is not done yet: each of them once only.
func (s swap) carryOn(dir string) error {
	for _, name := range s.Out {
		if to := filepath.Join(dir, s.Aside, name); !there(to) {
			if err := os.Rename(filepath.Join(dir, name), to); err != nil {
				return err
			}
		}
	}
	for _, name := range s.In {
		if from := filepath.Join(dir, s.From, name); there(from) {
			if err := os.Rename(from, filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	if len(s.Out) > 0 {
		if err := syncDir(filepath.Join(dir, s.Aside)); err != nil {
			return err
		}
	}
	return syncDir(dir)
}
