import Digests
import Foundation
import Inquiry
import LanguageModels
import Memory
import Mining
import Reporting
import Reviewing
import Rows
import Tools

/// Wires a run of `mine` together: memory, rows, proposer, report and pack. Beginning and resuming
/// differ only in where the manifest comes from.
struct MineDriver {
    let store: Store
    let rows: RowSet
    let embedding: TextEmbedding?
    let session: ModelSession
    let memory: MemoryOptions
    let maxSeconds: Double?
    /// Where the pack goes; nil for beside the report.
    let pack: String?
    /// Approved tools, to which confirmed ones are added.
    let tools: ToolCatalogue?
    /// Whether to stay when nothing is left but to wait for people.
    let isPatient: Bool
    let json: Bool

    /// - Parameter scope: what the model was asked under before the run had a name.
    func begin(_ bare: MiningManifest, fresh: Bool, scope: String) async throws {
        let known =
            try (tools?.tools(exceptWhere: bare.data.sketch.overlaps) ?? []).filter(bare.canRun)
            + (fresh ? [] : await MiningStudy.experience(for: bare, store: store))
        let manifest = bare.with(experience: known)
        let run = try await session.begin(prefix: "mine", manifest: manifest.text, scope: scope)
        try await carryOut(manifest, run: run.id)
    }

    /// Runs what is left of a run, then writes its report and pack.
    func carryOut(_ manifest: MiningManifest, run: String) async throws {
        let lock = try RunLock(run: run, memory: memory.memory)
        defer { lock.release() }
        do {
            try await store.set(.running, run: run, now: Date())
            try await close(try await investigate(manifest, run: run), manifest, run: run)
        } catch let status as ExitStatus {
            throw status
        } catch let error as ModelError {
            throw try await RunEnding.leave(run, for: error, store: store)
        } catch {
            // The first error is the one to hear of; marking the run may fail for the same reason.
            try? await store.set(.failed, run: run, now: Date())
            throw error
        }
    }

    private func investigate(
        _ manifest: MiningManifest, run: String
    ) async throws -> MiningOutcome {
        let deadline = maxSeconds.map { ContinuousClock.now + .seconds($0) }
        let tracer = try session.tracer()
        var source: ModelSession.Source?
        if let reference = manifest.proposer {
            source = try await session.source(
                for: reference, run: run, deadline: deadline, tracer: tracer)
        }
        let study = try await MiningStudy.prepare(
            manifest: manifest, rows: rows, model: source?.model, embedding: embedding,
            gate: gate(manifest, run: run), store: store, run: run)
        let stop = StopSign()
        let signals = RunEnding.onInterrupt(source?.budget) { await stop.raise() }
        defer { RunEnding.endInterrupts(signals) }
        let mining = MiningRun(study: study, store: store, run: run)
        let halts: @Sendable () async -> Bool = {
            if await stop.isUp { return true }
            return deadline.map { ContinuousClock.now >= $0 } ?? false
        }
        let end = try await carryOut(mining, gate(manifest, run: run), run: run, until: halts)
        await tracer?.finish()
        if case .finished(let outcome) = end { return outcome }
        if case .waiting(let questions) = end, await !halts() {
            throw try await RunEnding.waiting(run, for: questions.count, store: store)
        }
        throw await stop.isUp
            ? try await RunEnding.interrupted(run, store: store)
            : try await RunEnding.outOfTime(run, store: store)
    }

    /// Carries a run out, and again each time that all it waited for is decided.
    private func carryOut(
        _ mining: MiningRun, _ gate: QueueGate?, run: String,
        until halts: @escaping @Sendable () async -> Bool
    ) async throws -> MiningRun.End {
        while true {
            let end = try await mining.carryOut(shouldStop: halts) { words in
                Console.error("run \(run): \(words)")
            }
            guard case .waiting(let questions) = end, let gate, isPatient else { return end }
            Console.error("run \(run): " + RunEnding.waits(for: questions.count))
            repeat {
                if await halts() { return end }
                try await gate.change()
            } while try await !gate.open(questions).isEmpty
        }
    }

    private func gate(_ manifest: MiningManifest, run: String) -> QueueGate? {
        manifest.approval.map {
            QueueGate(queue: ReviewQueue(store: store), run: run, controls: $0.controls)
        }
    }

    private func close(
        _ outcome: MiningOutcome, _ manifest: MiningManifest, run: String
    ) async throws {
        let files = MineFiles(store: store, memory: memory, run: run, pack: pack)
        let approvals = try await MiningRun.approvals(store: store, run: run, manifest: manifest)
        let report = try await files.write(outcome, manifest, approvals)
        try await MiningStudy.keepLessons(
            of: outcome, manifest, approvals: approvals, store: store, run: run)
        for tool in outcome.confirmedTools(approvals) {
            try tools?.approve(tool, rows: manifest.data.sketch.text)
        }
        if manifest.approval != nil {
            try await ReviewQueue(store: store).closeControls(run: run)
        }
        try await store.project(outcome.inquiryRows, run: run)
        try await store.set(.finished, run: run, reportHash: report, now: Date())
        try await files.tell(
            outcome.record, manifest, approvals, report: memory.reportPath(run: run), json: json)
    }
}

/// Whether a run was asked to stop.
private actor StopSign {
    private(set) var isUp = false

    /// False where it was up already.
    func raise() -> Bool {
        defer { isUp = true }
        return !isUp
    }
}

/// The report and the pack of a run of `mine`, and how they are told of.
struct MineFiles {
    let store: Store
    let memory: MemoryOptions
    let run: String
    /// Where the pack goes; nil for beside the report.
    let pack: String?

    private var packPath: String {
        pack
            ?? URL(fileURLWithPath: memory.reportPath(run: run)).deletingLastPathComponent()
            .appendingPathComponent("pack").relativePath
    }

    /// Writes the report and, where people did not keep it back, the pack.
    ///
    /// - Returns: the report's SHA-256.
    func write(
        _ outcome: MiningOutcome, _ manifest: MiningManifest, _ approvals: MiningApprovals,
        to path: String? = nil
    ) async throws -> String {
        let html = try await report(outcome.record, manifest, approvals)
        let hash = try ReportFile.write(html, to: path ?? memory.reportPath(run: run))
        guard approvals.allowsPack else { return hash }
        _ = try PackFolder.write(
            outcome.pack, card: ModelCard(outcome.record, facts: manifest.facts).markdown,
            to: packPath)
        return hash
    }

    /// The report as HTML, from nothing but what the memory holds.
    func report(
        _ record: MiningRecord, _ manifest: MiningManifest, _ approvals: MiningApprovals
    ) async throws -> String {
        MiningReport(
            record, study: try manifest.study, facts: manifest.facts,
            usage: try await RoleUsage.list(of: run, store: store),
            decisions: approvals.decisions
        ).html
    }

    func tell(
        _ record: MiningRecord, _ manifest: MiningManifest, _ approvals: MiningApprovals,
        report: String, json: Bool
    ) async throws {
        if json {
            print(
                try CanonicalJSON.encode(
                    MiningOutput(
                        record, run: run, study: try manifest.study, report: report,
                        pack: approvals.allowsPack ? packPath : nil,
                        usage: try await RoleUsage.list(of: run, store: store))))
        } else {
            print(MiningTable(record).text)
            let pack =
                approvals.allowsPack
                ? packPath
                : "not written: " + (approvals.answer(to: .pack)?.words ?? "nobody has decided yet")
            print("run     \(run)\nreport  \(report)\npack    \(pack)")
        }
    }
}

extension MiningOutcome {
    /// What the memory's lists show of the chosen features.
    var inquiryRows: [InquiryRow] {
        record.features.map { feature in
            InquiryRow(
                name: feature.name,
                state: record.isConfirmed(feature) ? "confirmed" : "not confirmed",
                statement: feature.sentence, probes: 0, hypotheses: 1)
        }
    }
}
