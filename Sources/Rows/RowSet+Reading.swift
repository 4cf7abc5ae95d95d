extension RowSet {
    /// Reads all rows of a file, or of standard input for "-".
    ///
    /// - Throws: ``RowError``: a column that no row has, a target that mixes types or is the same in
    ///   every row, or fewer than ``minimumCount`` usable rows.
    public init(
        reading path: String, schema: RowSchema, format: RowFormat? = nil
    ) throws(RowError) {
        try self.init(reading: try RowReader(path: path, format: format), schema: schema)
    }

    /// Reads all rows that `reader` has left.
    ///
    /// - Throws: as ``init(reading:schema:format:)``.
    public init(reading reader: RowReader, schema: RowSchema) throws(RowError) {
        var collector = RowCollector(schema: schema)
        if let header = reader.header { try collector.check(header: header) }
        while let reading = try reader.next() { try collector.add(reading) }
        self = try collector.finished()
    }

    /// Takes rows that are in memory already.
    ///
    /// - Throws: as ``init(reading:schema:format:)``.
    public init(_ rows: some Sequence<Row>, schema: RowSchema) throws(RowError) {
        var collector = RowCollector(schema: schema)
        for row in rows { try collector.add(.row(row)) }
        self = try collector.finished()
    }
}
