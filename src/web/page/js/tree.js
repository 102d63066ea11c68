// A conversation is a tree: an edited prompt and a repeated answer are siblings of what was there.

export class Tree {
  constructor(messages) {
    this.messages = new Map(messages.map((each) => [each.id, each]));
    this.children = new Map();
    for (const each of messages) {
      const parent = each.parent ?? null;
      this.children.set(parent, [...(this.children.get(parent) ?? []), each]);
    }
  }

  find(id) {
    return this.messages.get(id);
  }

  /// The messages from the first to this one.
  path(id) {
    const path = [];
    for (let each = this.find(id); each; each = this.find(each.parent)) path.unshift(each);
    return path;
  }

  /// A message and those that stand in its place in other branches.
  siblings(message) {
    return (this.children.get(message.parent ?? null) ?? []).filter((each) => each.role === message.role);
  }

  /// The last message of the newest branch that this one has.
  latest(message) {
    for (;;) {
      const next = this.children.get(message.id)?.at(-1);
      if (!next) return message;
      message = next;
    }
  }
}
