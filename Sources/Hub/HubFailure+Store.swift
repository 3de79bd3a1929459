import HubStore

extension HubFailure {
    /// Why records that are in a database elsewhere cannot be used, as a sentence.
    init(_ error: StoreError) {
        switch error {
        case .badAddress:
            self.init(
                "badDatabase",
                "\(error); nothing was changed",
                hint:
                    "write it as postgresql://USER@HOST:PORT/NAME, in COUNTERSIGN_HUB_DATABASE or "
                    + "in the file `database` of the hub's folder",
                kind: .badInput
            )
        case .noHub:
            self.init(
                "notOurs",
                "\(error); it was left untouched",
                hint: "name the database that has it, or restore a backup into this one",
                kind: .badInput
            )
        case .exists:
            self.init(
                "exists",
                "\(error); nothing was changed",
                hint: "name another database",
                kind: .refused
            )
        case .tooNew:
            self.init(
                "tooNew",
                "\(error); it was left untouched",
                hint: "install that version of countersign-hub",
                kind: .badInput
            )
        case .unreachable:
            self.init(
                "databaseGone",
                "\(error); what was confirmed is safe, and what was not can be repeated",
                hint: "once the database answers, do it again",
                kind: .tryLater
            )
        case .busy: self = Self.busy
        case .notAllowed:
            self.init(
                "databaseRefused",
                "\(error); nothing was changed",
                hint:
                    "let this user create a schema there, or own the one that is called countersign",
                kind: .notAllowed
            )
        case .full:
            self.init(
                "notWritable",
                "\(error); what was accepted before is safe",
                hint: "make room, then give the command again",
                kind: .cannotWrite
            )
        case .damaged:
            self.init(
                "damaged",
                "\(error); it was left as it is",
                hint: "look at it: `countersign-hub verify`",
                kind: .badInput
            )
        }
    }
}
