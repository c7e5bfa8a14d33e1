package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
)

type backupCommand struct {
	To string `arg:"" optional:"" help:"File to write, or folder for a file with the time in its name." default:"." placeholder:"FILE|DIR"`
}

// Run writes a backup, restores it once as a test, and says where it is.
func (b backupCommand) Run(ctx context.Context, o *Options, s Streams) error {
	key, err := o.backupKey()
	if err != nil {
		return err
	}
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(context.WithoutCancel(ctx))
	made, err := backup.Make(ctx, backup.Source{DB: c.db, Files: c.files, Version: Version()}, b.To, key, proof(o, s))
	if err != nil {
		return err
	}
	size := i18n.Bytes(i18n.With(ctx, i18n.Locale{Lang: i18n.English}), made.Bytes)
	_, err = fmt.Fprintf(s.Out, "%s\n%s, %d attached files; restored as a test: all is well.\n", made.Path, size, made.Files)
	if !made.Encrypted {
		_, _ = fmt.Fprintln(s.Err, "The backup is not encrypted; with KARTOTEKA_BACKUP_KEY it is.")
	}
	return err
}

type restoreCommand struct {
	File    string `arg:"" help:"Backup to restore." type:"existingfile"`
	Replace bool   `help:"Put the data that is there aside; without it, only an empty place is restored to."`
}

// Run brings a backup back and has the doctor look at it.
func (r restoreCommand) Run(ctx context.Context, o *Options, s Streams) error {
	key, err := o.backupKey()
	if err != nil {
		return err
	}
	to := backup.Target{Dir: o.Data, URL: o.DatabaseURL, Replace: r.Replace, Clock: clock.System}
	if o.FilesEndpoint != "" {
		if to.Files, err = openFiles(o); err != nil {
			return err
		}
	}
	done, err := backup.Restore(ctx, r.File, key, to, proof(o, s))
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	made := done.Manifest.Made.Format("2006-01-02 15:04:05 UTC")
	_, _ = fmt.Fprintf(s.Out, "Restored as of %s, with %d attached files.\n", made, done.Manifest.Files())
	if done.Aside != "" {
		_, _ = fmt.Fprintf(s.Out, "What was there before is kept in %s.\n", done.Aside)
	}
	return doctorCommand{}.Run(ctx, o, s)
}

// keepBackups has backups made by themselves.
func (c *company) keepBackups(o *Options, s Streams) error {
	key, err := o.backupKey()
	if err != nil {
		return err
	}
	c.backups, err = backup.New(backup.Deps{
		DB: c.db, Jobs: c.jobs, Files: c.files, Key: key, Version: Version(), Prove: proof(o, s), Zone: c.zone,
	})
	return err
}

// backupKey is what backups are locked and unlocked with.
func (o *Options) backupKey() (backup.Key, error) {
	if o.BackupKeyFile != "" {
		return backup.ReadKey(o.BackupKeyFile)
	}
	return backup.ParseKey(o.BackupKey)
}

// proof has the doctor look at a restored store.
func proof(o *Options, s Streams) backup.Proof {
	return func(ctx context.Context, at db.Options) error {
		own := *o
		own.DatabaseURL, own.schema = at.URL, at.Schema
		if at.Dir != "" {
			own.Data = at.Dir
		}
		c, err := openCompany(ctx, &own, s)
		if err != nil {
			return err
		}
		var report bytes.Buffer
		well, err := c.examine(authz.AsSystem(ctx, "kartoteka backup"), &report, false)
		err = errors.Join(err, c.db.Close())
		if err == nil && !well {
			err = fmt.Errorf("the data is not as it should be:\n%s", strings.TrimSpace(report.String()))
		}
		return err
	}
}
