package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

var backupName = regexp.MustCompile(`^kartoteka-([0-9]{8}T[0-9]{6}Z)\.tar\.zst(\.age)?$`)

// outlived gives those names of backups that need not be kept: of the last so
// many days that have one, and of the last so many weeks, the newest stays; the
// newest of all always does. Other names are left alone.
func outlived(names []string, zone *time.Location, days, weeks int) []string {
	type backup struct {
		name string
		at   time.Time
	}
	var all []backup
	for _, name := range names {
		if m := backupName.FindStringSubmatch(name); m != nil {
			if at, err := time.Parse(nameTime, m[1]); err == nil {
				all = append(all, backup{name, at.In(zone)})
			}
		}
	}
	slices.SortFunc(all, func(a, b backup) int { return b.at.Compare(a.at) })
	seenDays, seenWeeks := map[string]bool{}, map[string]bool{}
	var gone []string
	for i, b := range all {
		day := b.at.Format(time.DateOnly)
		year, number := b.at.ISOWeek()
		week := fmt.Sprint(year, "-", number)
		keep := i == 0
		if !seenDays[day] && len(seenDays) < days {
			seenDays[day], keep = true, true
		}
		if !seenWeeks[week] && len(seenWeeks) < weeks {
			seenWeeks[week], keep = true, true
		}
		if !keep {
			gone = append(gone, b.name)
		}
	}
	return gone
}

// tidy removes the backups of a folder that need not be kept.
func tidy(ctx context.Context, folder string, zone *time.Location, days, weeks int) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	var failed []error
	for _, name := range outlived(names, zone, days, weeks) {
		if err := ctx.Err(); err != nil {
			return err
		}
		failed = append(failed, os.Remove(filepath.Join(folder, name)))
	}
	return errors.Join(failed...)
}
