import Digests
import Explaining
import Foundation
import Inquiry
import LanguageModels
import Memory
import Reporting
import Reviewing

/// Wires a run together: memory, subject, campaign, screen, report. Beginning and resuming differ only
/// in where the manifest comes from.
struct RunDriver {
    let store: Store
    let subject: StudySubject
    let session: ModelSession
    let memory: MemoryOptions
    let concurrency: Int
    let maxSeconds: Double?
    /// Whether to stay when nothing is left but to wait for people.
    let isPatient: Bool
    let json: Bool

    /// - Parameter scope: what the model was asked under before the run had a name.
    func begin(_ bare: StudyManifest, fresh: Bool, scope: String) async throws {
        let knowledge = fresh ? [] : try await ExplainStudy.knowledge(for: bare, store: store)
        let manifest = bare.with(experience: knowledge)
        // Before the run exists: one that is killed at once must find its texts when it goes on.
        try await subject.keep(in: store, run: scope)
        let run = try await session.begin(
            prefix: "explain", manifest: manifest.text, scope: scope)
        try await carryOut(manifest, run: run.id)
    }

    /// Runs what is left of a run, then writes its report.
    func carryOut(_ manifest: StudyManifest, run: String) async throws {
        let screen = ProgressScreen(run: run) { [store] in
            // Lists show where the inquiries stand meanwhile; the run does not depend on it.
            let record = try? await ExplainStudy.record(store: store, run: run)
            if let record { try? await store.project(record.members.map(\.row), run: run) }
        }
        let lock = try RunLock(run: run, memory: memory.memory)
        defer { lock.release() }
        do {
            try await store.set(.running, run: run, now: Date())
            await screen.say("measuring \(manifest.inputs)")
            let end = try await investigate(manifest, run: run, screen: screen)
            await screen.finish()
            try await close(end, run: run)
        } catch let status as ExitStatus {
            throw status
        } catch let error as ModelError {
            await screen.finish()
            try await project(try await ExplainStudy.record(store: store, run: run), run: run)
            throw try await RunEnding.leave(run, for: error, store: store)
        } catch {
            await screen.finish()
            // The first error is the one to hear of; marking the run may fail for the same reason.
            try? await store.set(.failed, run: run, now: Date())
            throw error
        }
    }

    private func investigate(
        _ manifest: StudyManifest, run: String, screen: ProgressScreen
    ) async throws -> Campaign.End {
        let deadline = maxSeconds.map { ContinuousClock.now + .seconds($0) }
        let tracer = try session.tracer()
        var source: ModelSession.Source?
        if let reference = manifest.proposer {
            source = try await session.source(
                for: reference, run: run, deadline: deadline, tracer: tracer)
        }
        let study = try await subject.study(manifest, model: source?.model, store: store, run: run)
        await screen.start(study.features.map(\.name))
        let campaign = Campaign(
            journal: StoredJournal(store: store, run: run), concurrency: concurrency,
            deadline: deadline, gate: manifest.plan.approval.map { gate($0, run: run) },
            isPatient: isPatient, observer: screen, tracer: tracer)
        let signals = RunEnding.onInterrupt(source?.budget) { await campaign.drain() }
        defer { signals.forEach { $0.cancel() } }
        guard let tracer else { return try await campaign.run(study.tasks) }
        do {
            let end = try await tracer.span(
                "invoke_workflow explain", [("conjecture.run", .text(run))]
            ) {
                try await campaign.run(study.tasks)
            }
            await tracer.finish()
            return end
        } catch {
            await tracer.finish()
            throw error
        }
    }

    private func gate(_ policy: ApprovalPolicy, run: String) -> QueueGate {
        QueueGate(queue: ReviewQueue(store: store), run: run, controls: policy.controls)
    }

    private func project(_ record: RunRecord, run: String) async throws {
        try await store.project(record.members.map(\.row), run: run)
    }

    private func close(_ end: Campaign.End, run: String) async throws {
        let record = try await ExplainStudy.record(store: store, run: run)
        try await project(record, run: run)
        switch end {
        case .drained:
            throw try await RunEnding.interrupted(run, store: store)
        case .outOfTime:
            throw try await RunEnding.outOfTime(run, store: store)
        case .waiting(let questions):
            throw try await RunEnding.waiting(run, for: questions, store: store)
        case .finished:
            try await ExplainStudy.keepLessons(of: record, store: store, run: run)
            if record.plan.approval != nil {
                try await ReviewQueue(store: store).closeControls(run: run)
            }
            let path = memory.reportPath(run: run)
            let report = try ReportFile.write(record, to: path)
            try await store.set(.finished, run: run, reportHash: report, now: Date())
            try print(record, run: run, path: path)
        }
    }

    private func print(_ record: RunRecord, run: String, path: String) throws {
        if json {
            Swift.print(try CanonicalJSON.encode(RunOutput(record, run: run, report: path)))
        } else {
            Swift.print(SummaryTable(record).text)
            Swift.print("run     \(run)\nreport  \(path)")
        }
    }
}

/// The report of a run as a file.
enum ReportFile {
    /// Writes the report whole or not at all.
    ///
    /// - Returns: the SHA-256 of what was written.
    static func write(_ record: RunRecord, to path: String) throws -> String {
        try write(try render(record), to: path)
    }

    static func write(_ html: String, to path: String) throws -> String {
        let url = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(html.utf8).write(to: url, options: .atomic)
        } catch {
            throw ReportError.notWritten(path: path, reason: error.localizedDescription)
        }
        return SHA256.digest(of: html).hex
    }

    static func render(_ record: RunRecord) throws -> String { try RunReport(record).html }
}

enum ReportError: Error, CustomStringConvertible {
    case notWritten(path: String, reason: String)

    var description: String {
        switch self {
        case .notWritten(let path, let reason):
            "\(path): the report cannot be written (\(reason)); the journal is safe: free some space or "
                + "pass --output to `conjecture report`"
        }
    }
}

extension RunRecord.Member {
    /// What the memory's lists show of an inquiry.
    var row: InquiryRow {
        InquiryRow(
            name: name, state: state.shownVerdict,
            statement: state.leading?.hypothesis.statement ?? "",
            probes: state.probes.count, hypotheses: state.records.count)
    }
}
