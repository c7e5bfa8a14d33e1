// Package jobs does work in the background: whatever is slow, may fail and be
// tried again, or must happen at a certain time. A job is enqueued in the
// transaction of the change that calls for it, so it exists exactly if the
// change does, and it runs at least once: work must bear being done twice.
//
// A module defines its kinds of job as values, gives each its work when it is
// made, and enqueues from its use cases:
//
//	var rebuild = jobs.Define[rebuildArgs]("numbers.rebuild", jobs.Options{Queue: jobs.Slow, Timeout: time.Hour})
//
//	func New(d Deps) (*Service, error) {
//		s := &Service{…}
//		return s, errors.Join(
//			rebuild.Handle(d.Jobs, s.rebuild),
//			rebuild.Schedule(d.Jobs, jobs.Daily(3, 0), rebuildArgs{}),
//		)
//	}
//
//	func (s *Service) rebuild(ctx context.Context, job jobs.Job[rebuildArgs]) error {
//		job.Progress(done, total, i18n.T(ctx, "numbers.rebuild.counting"))
//		return nil
//	}
//
//	id, err := rebuild.Enqueue(ctx, s.jobs, tx, rebuildArgs{Month: m}, jobs.InsertOptions{})
//
// Work runs as the system on behalf of whoever enqueued it (see Job.By), in
// their language and time zone. An error or a panic has it tried again later,
// with growing pauses, until its attempts are used up; Permanent gives up at
// once and Later asks for another time without counting an attempt.
//
// The queue itself is River, which lives in the tables river_…; nothing
// outside this package knows that. Own tables: platform_job_progress,
// platform_job_schedules, platform_job_nodes.
package jobs
