import Digests

/// Collects readings into a ``RowSet``.
struct RowCollector {
    private let schema: RowSchema
    private let cells: CellReader
    private var rows: RowSet
    private var target: TargetReader
    private var byteCount = 0
    private var groupIndex: [String: Int] = [:]
    private var identifiers: Set<String> = []
    private var absent: Set<String>
    /// The first row that could be read, and its columns.
    private var first: (place: RowPlace, columns: [String])?

    init(schema: RowSchema) {
        self.schema = schema
        cells = CellReader(schema: schema)
        target = TargetReader(schema: schema)
        absent = Set(schema.columns)
        rows = RowSet(schema: schema)
        if schema.target == .preference { rows.otherTexts = [] }
        if case .counts = schema.target { rows.trials = [] }
        if schema.time != nil { rows.times = [] }
        if schema.strata != nil { rows.strata = [] }
        if schema.identifier != nil { rows.identifiers = [] }
        rows.confounders = schema.confounders.map { RowSet.Column(name: $0, values: []) }
    }

    func check(header: [String]) throws(RowError) {
        for column in schema.columns where !header.contains(column) {
            throw .missingColumn(column, row: nil, known: header)
        }
    }

    mutating func add(_ reading: RowReader.Reading) throws(RowError) {
        switch reading {
        case .unreadable(let place, let reason, let detail):
            rows.setAside.add(reason, at: place, detail: detail)
        case .row(let row):
            if first == nil { first = (row.place, row.columns) }
            if !absent.isEmpty { absent.subtract(row.columns) }
            do throws(CellFault) {
                try add(row)
            } catch {
                switch error {
                case .setAside(let reason, let detail):
                    rows.setAside.add(reason, at: row.place, detail: detail)
                case .fatal(let error): throw error
                }
            }
        }
    }

    private mutating func add(_ row: Row) throws(CellFault) {
        let identifier = schema.identifier.flatMap { row[$0]?.name }
        if let identifier, identifiers.contains(identifier) {
            throw .setAside(
                SetAside.Reason(.duplicateIdentifier, column: schema.identifier),
                detail: RowError.quoted(identifier))
        }
        let texts = try schema.text.texts(of: row)
        if texts.count == 2, texts[0] == texts[1] {
            throw .setAside(SetAside.Reason(.equalTexts), detail: RowError.quoted(texts[0]))
        }
        let value = try target.read(row)
        let time = try schema.time.map { column throws(CellFault) in
            try cells.time(row, column)
        }
        let confounders = try schema.confounders.map { column throws(CellFault) in
            try cells.number(row, column)
        }
        byteCount += texts.reduce(0) { $0 + $1.utf8.count }
        guard byteCount <= RowSet.byteLimit else {
            throw .fatal(.tooMuchText(byteLimit: RowSet.byteLimit))
        }
        if let identifier { identifiers.insert(identifier) }
        append(texts: texts, value: value)
        rows.groups.append(group(of: row, texts: texts))
        rows.numbers.append(row.number)
        rows.identifiers?.append(identifier)
        if let time { rows.times?.append(time) }
        for (i, value) in confounders.enumerated() { rows.confounders[i].values.append(value) }
        if let strata = schema.strata {
            rows.strata?.append(row[strata].flatMap { $0.isAbsent ? nil : $0.name } ?? "missing")
        }
    }

    private mutating func append(texts: [String], value: TargetReader.Value) {
        guard texts.count == 2 else {
            rows.texts.append(texts[0])
            rows.target.append(value.target)
            if let trials = value.trials { rows.trials?.append(trials) }
            return
        }
        // Sorted first, so that the coin does not know which text was preferred.
        let pair = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let isSwapped = SHA256.digest(of: pair.joined(separator: "\u{0}")).prefix64 & 1 == 1
        let shown = isSwapped ? [pair[1], pair[0]] : pair
        rows.texts.append(shown[0])
        rows.otherTexts?.append(shown[1])
        rows.target.append(shown[0] == texts[0] ? 1 : 0)
    }

    private mutating func group(of row: Row, texts: [String]) -> Int {
        let named = schema.group.flatMap { row[$0].flatMap { $0.isAbsent ? nil : $0.name } }
        // A name of its own: no two rows without a group share one unless they say the same, and
        // then they stay together anyway.
        let name =
            named.map { "group " + $0 }
            ?? "text " + SHA256.digest(of: texts.joined(separator: "\u{0}")).hex
        if let known = groupIndex[name] { return known }
        groupIndex[name] = rows.groupNames.count
        rows.groupNames.append(name)
        return rows.groupNames.count - 1
    }

    /// - Throws: ``RowError`` when the rows are no basis for a study.
    func finished() throws(RowError) -> RowSet {
        if let first, let column = schema.columns.first(where: absent.contains) {
            throw .missingColumn(column, row: first.place, known: first.columns)
        }
        guard rows.count >= RowSet.minimumCount else {
            throw .tooFewRows(
                found: rows.count, needed: RowSet.minimumCount, setAside: rows.setAside)
        }
        var result = rows
        if case .ordinal = schema.target {
            let levels = Set(rows.target).sorted()
            let ranks = Dictionary(
                uniqueKeysWithValues: levels.enumerated().map { ($1, Double($0)) })
            result.levels = levels
            result.target = rows.target.map { ranks[$0, default: 0] }
        }
        if let value = rows.target.first, rows.target.allSatisfy({ $0 == value }) {
            throw .equalTarget(
                columns: schema.target.columns, value: value, count: rows.count)
        }
        return result
    }
}
