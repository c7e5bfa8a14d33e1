package backup

import (
	"slices"
	"testing"
	"time"
)

func TestTheNewestOfDaysAndWeeksStay(t *testing.T) {
	var names []string
	at := time.Date(2026, 11, 22, 2, 30, 0, 0, time.UTC)
	for day := range 60 {
		for hour := range 2 {
			names = append(names, nameOf(at.AddDate(0, 0, -day).Add(time.Duration(hour)*time.Hour), Key{}))
		}
	}
	names = append(names, "kartoteka-20260101T000000Z.tar.zst.part", "family.jpg", "kartoteka-99999999T999999Z.tar.zst")
	gone := outlived(names, time.UTC, 7, 4)
	var kept []string
	for _, name := range names {
		if !slices.Contains(gone, name) {
			kept = append(kept, name)
		}
	}
	want := []string{
		"kartoteka-20261122T033000Z.tar.zst", "kartoteka-20261121T033000Z.tar.zst", "kartoteka-20261120T033000Z.tar.zst",
		"kartoteka-20261119T033000Z.tar.zst", "kartoteka-20261118T033000Z.tar.zst", "kartoteka-20261117T033000Z.tar.zst",
		"kartoteka-20261116T033000Z.tar.zst", // a Monday: its week began with it
		"kartoteka-20261115T033000Z.tar.zst", "kartoteka-20261108T033000Z.tar.zst", "kartoteka-20261101T033000Z.tar.zst",
		"kartoteka-20260101T000000Z.tar.zst.part", "family.jpg", "kartoteka-99999999T999999Z.tar.zst",
	}
	if !slices.Equal(kept, want) {
		t.Errorf("kept %q\nwant %q", kept, want)
	}
	if gone := outlived([]string{"kartoteka-20261122T033000Z.tar.zst"}, time.UTC, 0, 0); len(gone) > 0 {
		t.Error("the last backup of all was removed")
	}
}
