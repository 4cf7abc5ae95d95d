import ArgumentParser
import Foundation
import Inquiry
import LanguageModels
import Memory

/// What the benchmarks of whole studies have in common: their size, and a memory of their own.
struct BenchmarkSetting: Sendable {
    let features: Int
    let nulls: Int
    let threads: Int

    /// - Throws: `ValidationError` for a number out of bounds.
    func validate() throws {
        for (name, value, most) in [
            ("features", features, 100_000), ("nulls", nulls, 100_000), ("threads", threads, 64),
        ] where !(1...most).contains(value) {
            throw ValidationError("--\(name) \(value): give a number from 1 to \(most).")
        }
    }

    /// Lends a memory that is thrown away afterwards.
    func withMemory<Result>(_ body: (Store) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("conjecture-benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(try Store(path: folder.appendingPathComponent("memory.sqlite").path))
    }

    /// Begins a run, named after its manifest.
    func begin(_ store: Store, manifest: String) async throws -> String {
        try await store.begin(prefix: "benchmark", manifest: manifest, now: Date()).id
    }

    /// Carries out a run's inquiries and shows how they come along.
    ///
    /// - Parameter budget: what a language model may use up; where there is one, an interrupt drains.
    @discardableResult
    func carryOut(
        _ tasks: [InquiryTask], store: Store, run: String, budget: Budget? = nil
    ) async throws -> Campaign.End {
        let screen = ProgressScreen(run: run)
        await screen.start(tasks.map(\.name))
        let campaign = Campaign(
            journal: StoredJournal(store: store, run: run), concurrency: threads, observer: screen)
        let signals = budget.map { RunEnding.onInterrupt($0) { await campaign.drain() } }
        defer { signals.map(RunEnding.endInterrupts) }
        do {
            let end = try await campaign.run(tasks)
            await screen.finish()
            return end
        } catch {
            await screen.finish()
            throw error
        }
    }
}
