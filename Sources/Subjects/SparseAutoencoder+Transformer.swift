import LinearAlgebra

extension SparseAutoencoder {
    /// The place in a decoder that this dictionary reads.
    ///
    /// - Throws: ``SubjectError`` if it names none, the model has no such place, or widths differ.
    public func hook(in model: Transformer) throws(SubjectError) -> TransformerHook {
        guard let hookName = origin.hookName else { throw .unnamedHook(path: name) }
        let hook = try model.hook(named: hookName)
        let width = model.configuration.width(of: hook)
        guard inputWidth == width else {
            throw .widthMismatch(
                of: "dictionary \(name)", width: inputWidth, model: "\(hook) of \(model.name)",
                modelWidth: width)
        }
        return hook
    }

    /// As ``encode(_:)``, the rows shared by threads; the result is the same to the last bit.
    ///
    /// Blocks the calling thread; do not call it on the cooperative pool.
    public func encode(_ rows: Matrix, threads: Int) throws(SubjectError) -> [SparseRow] {
        guard rows.columns == inputWidth else {
            throw .widthMismatch(
                of: "dictionary \(name)", width: inputWidth, model: "the batch of rows",
                modelWidth: rows.columns)
        }
        let size = 96
        let count = (rows.rows + size - 1) / size
        var parts = [[SparseRow]](repeating: [], count: count)
        rows.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            // The view is only read.
            let view = RowView(
                UnsafeMutablePointer(mutating: base), count: rows.rows, width: rows.columns)
            parts.withUnsafeMutableBufferPointer { parts in
                // Each worker writes to parts of its own.
                nonisolated(unsafe) let parts = parts
                nonisolated(unsafe) let view = view
                inParallel(count, threads: threads) { part in
                    let last = min(rows.rows, (part + 1) * size)
                    parts[part] = encode(view.rows(part * size..<last))
                }
            }
        }
        return parts.flatMap { $0 }
    }
}

extension Transformer {
    /// Names the arithmetic; changed whenever any activation could change in any bit.
    public static let engineVersion = "conjecture.transformer/1"
}

extension TransformerConfiguration {
    /// The first token that a folder's `config.json` names, or nil if there is no such file or field.
    ///
    /// - Throws: ``SubjectError`` for a field that is not one token.
    public static func beginToken(folder: String) throws(SubjectError) -> Int? {
        let path = folder + "/config.json"
        guard FileKind.isFile(path) else { return nil }
        let fields = try ConfigurationFields(path: path)
        guard let value = fields.present("bos_token_id") else { return nil }
        guard case .integer(let id) = value, id >= 0 else {
            throw fields.invalid("bos_token_id", "a token's number")
        }
        return id
    }
}
