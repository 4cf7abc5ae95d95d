import Instruments
import Subjects
import Synchronization

/// Takes a pass from one batch of documents to the next.
struct PassRound {
    let pass: ExemplarPass
    let state: ExemplarState
    private(set) var progress: PassProgress
    private var reader: CorpusReader
    private var batch = MeasuredBatch()
    /// Bytes of the files before each file.
    private let bytesBefore: [Int]

    /// More contexts or tokens would not fit the counters.
    private static let tokenLimit = Int(Int32.max)

    init(pass: ExemplarPass, state: ExemplarState, progress: PassProgress) {
        self.pass = pass
        self.state = state
        self.progress = progress
        reader = CorpusReader(pass.corpus, from: progress.position)
        var before = [0]
        for file in pass.corpus.files { before.append(before[before.count - 1] + file.bytes.count) }
        bytesBefore = before
    }

    var report: ExemplarPass.Progress {
        .init(
            bytes: bytesBefore[min(progress.position.file, bytesBefore.count - 1)]
                + progress.position.offset,
            byteCount: pass.corpus.byteCount, totals: progress.totals)
    }

    /// Reads, cuts and measures some documents.
    ///
    /// - Returns: whether there were any.
    mutating func run(appendingTo contexts: FileWriter) throws(ExemplarError) -> Bool {
        let documents = try read()
        guard !documents.isEmpty else { return false }
        let chunks = try cut(documents)
        var waiting = chunks[...]
        while !waiting.isEmpty {
            var tokens = 0
            let part = waiting.prefix { chunk in
                tokens += chunk.sequence.count
                return tokens <= pass.memory.batchTokens
            }
            try measure(Array(part))
            waiting = waiting.dropFirst(part.count)
        }
        for chunk in chunks { try contexts.write(ContextRecord.bytes(chunk)) }
        progress.contextBytes = contexts.offset
        progress.position = reader.position
        return true
    }

    /// Documents that make about a batch.
    private mutating func read() throws(ExemplarError) -> [CorpusReader.Document] {
        var documents: [CorpusReader.Document] = []
        var bytes = 0
        while bytes < 4 * pass.memory.batchTokens, let document = try reader.next() {
            documents.append(document)
            bytes += document.byteCount
            progress.totals.documents += 1
            if document.text == nil { progress.totals.longDocuments += 1 }
        }
        return documents
    }

    private mutating func cut(
        _ documents: [CorpusReader.Document]
    ) throws(ExemplarError) -> [ContextChunk] {
        let results = Mutex<[Int: Result<[ContextChunk], InstrumentError>]>([:])
        let (subject, length) = (pass.subject, pass.plan.contextLength)
        inParallel(documents.count, threads: subject.threads) { place in
            let document = documents[place]
            guard let text = document.text else { return }
            let chunks = Result { () throws(InstrumentError) in
                try ContextChunk.split(
                    text, document: document.number, by: subject, length: length)
            }
            results.withLock { $0[place] = chunks }
        }
        let all = results.withLock { $0 }
        var chunks: [ContextChunk] = []
        for (place, document) in documents.enumerated() where document.text != nil {
            guard let result = all[place] else { preconditionFailure("document \(place) not cut") }
            do {
                let found = try result.get()
                if found.isEmpty { progress.totals.emptyDocuments += 1 }
                chunks += found
            } catch {
                throw .instrument(error)
            }
        }
        return chunks
    }

    private mutating func measure(_ chunks: [ContextChunk]) throws(ExemplarError) {
        let tokens = chunks.reduce(0) { $0 + $1.pieces.count }
        guard progress.totals.tokens + tokens <= Self.tokenLimit else {
            throw .corpusTooLong(limit: Self.tokenLimit)
        }
        let (subject, threads) = (pass.subject, pass.subject.threads)
        let rows: [SparseRow]
        do {
            let stream = try subject.model.activations(
                of: chunks.map(\.sequence), at: subject.hook, threads: threads)
            rows = try subject.dictionary.encode(stream.values, threads: threads)
        } catch {
            throw .subject(error)
        }
        batch.removeAll()
        var row = 0
        for chunk in chunks {
            let end = row + chunk.sequence.count
            batch.append(
                rows[row + chunk.specialCount..<end], number: progress.totals.contexts,
                contentKey: chunk.contentKey)
            progress.totals.contexts += 1
            row = end
        }
        progress.totals.tokens += tokens
        state.drawBackground(batch)
        state.merge(batch, threads: threads)
    }
}
