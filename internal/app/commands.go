package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"kartoteka.dev/internal/platform/db"
)

// commands is the command line.
type commands struct {
	Options

	Serve      serveCommand      `cmd:"" help:"Run the server on your company's data."`
	Demo       demoCommand       `cmd:"" help:"Run the server on an invented company, to look around."`
	Import     importCommand     `cmd:"" help:"Bring in a spreadsheet: kartoteka import customers FILE."`
	Export     exportCommand     `cmd:"" help:"Write out a list: kartoteka export customers."`
	Duplicates duplicatesCommand `cmd:"" help:"Customers that are in the file more than once."`
	User       userCommand       `cmd:"" help:"People who sign in."`
	Token      tokenCommand      `cmd:"" help:"Keys for programs."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to this version (serve does it by itself)."`
	Backup     backupCommand     `cmd:"" help:"Keep everything in one file, tried out at once."`
	Restore    restoreCommand    `cmd:"" help:"Bring a backup back."`
	Doctor     doctorCommand     `cmd:"" help:"Check schema, journal and derived figures."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

// defaultData is the default of --data.
const defaultData = "kartoteka-data"

// Options are common to all commands.
type Options struct {
	Data        string `help:"Folder of the embedded database and the attached files." default:"kartoteka-data" placeholder:"DIR"`
	DatabaseURL string `help:"Use this PostgreSQL instead of the embedded database." placeholder:"postgres://…"`
	LogLevel    string `help:"What to log: debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
	LogFormat   string `help:"How to log: text or json." default:"text" enum:"text,json"`

	FilesEndpoint string `help:"Keep files in S3-compatible storage at this host instead of the data folder." placeholder:"HOST:PORT"`
	FilesBucket   string `help:"Bucket of the storage." placeholder:"NAME"`
	FilesRegion   string `help:"Region of the storage." placeholder:"NAME"`
	FilesKey      string `help:"Access key of the storage." placeholder:"KEY"`
	FilesSecret   string `help:"Secret of the storage; better given by its variable." placeholder:"SECRET"`
	FilesPlain    bool   `help:"Talk to the storage without TLS."`

	AllowPrivateWebhooks bool `help:"Let webhooks call this machine and private networks, and without TLS."`

	BackupKey     string `help:"Passphrase, or key of age, that locks and unlocks backups; better given by its variable." placeholder:"KEY"`
	BackupKeyFile string `help:"File with that key." placeholder:"FILE" type:"existingfile"`

	schema string // of PostgreSQL, where a backup is tried
}

func (o Options) store() db.Options {
	return db.Options{Dir: o.Data, URL: o.DatabaseURL, Schema: o.schema}
}

// logger writes to standard error, so that results stay clean.
func (o Options) logger(s Streams) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.LogLevel)) // checked by the command line
	opts := &slog.HandlerOptions{Level: level}
	if o.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.Err, opts))
	}
	return slog.New(slog.NewTextHandler(s.Err, opts))
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s Streams) error {
	_, err := fmt.Fprintln(s.Out, Version())
	return err
}

// release is set by the linker for releases.
var release = "development"

// Version is the release, or the commit for a build from a clone.
func Version() string {
	if release != "development" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return release + "-" + setting.Value[:min(12, len(setting.Value))]
			}
		}
	}
	return release
}

type migrateCommand struct{}

// Run brings the database to this version.
func (migrateCommand) Run(ctx context.Context, o *Options, s Streams) error {
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(ctx)
	_, err = fmt.Fprintf(s.Out, "The database is at version %d.\n", db.NewestVersion())
	return err
}
