// The official JavaScript driver of Neo4j against `weft serve`, on a store without a schema.
//
// Usage: node drivers.mjs ADDRESS VERSION. VERSION is that of Bolt which the two should agree on. Empties
// the store. Fails with the first thing that is not as it should be.
//
// Runs with any driver from 4.4 on: what an older one has no words for is left out.

import assert from 'node:assert/strict'
import neo4j from 'neo4j-driver'

const [address, version] = process.argv.slice(2)
const driver = neo4j.driver(`bolt://${address}`)
const session = driver.session()
const read = work => (session.executeRead ?? session.readTransaction).call(session, work)
const idOf = entity => entity.elementId ?? entity.identity.toString()
try {
  const emptied = await session.run('MATCH (n) DETACH DELETE n')
  assert.equal(Number(emptied.summary.server.protocolVersion).toFixed(1), version)
  const made = await session.run(
    'CREATE (a:Js {name: $name, day: $day})-[r:KNOWS {n: 1}]->(b:Js) ' +
      'RETURN a, r, b, point({x: 1, y: 2}) AS at, toString(id(a)) AS id, elementId(a) AS elementId',
    { name: 'Ada', day: new neo4j.types.Date(2024, 2, 29) }
  )
  const record = made.records[0]
  assert.deepEqual(record.get('a').labels, ['Js'])
  assert.equal(record.get('a').properties.day.toString(), '2024-02-29')
  assert.equal(record.get('a').identity.toString(), record.get('id'))
  assert.equal(idOf(record.get('a')), record.get(record.get('a').elementId ? 'elementId' : 'id'))
  assert.equal(record.get('r').type, 'KNOWS')
  assert.equal(record.get('r').start.toString(), record.get('id'))
  assert.equal(record.get('at').x, 1)
  assert.equal(made.summary.counters.updates().nodesCreated, 2)
  const path = await session.run('MATCH p = (:Js {name: "Ada"})-->() RETURN p')
  assert.equal(path.records[0].get('p').segments.length, 1)
  assert.equal(idOf(path.records[0].get('p').start), idOf(record.get('a')))
  const lasting = await session.run("RETURN duration('P1M2D') AS d")
  assert.equal(lasting.records[0].get('d').days.toNumber(), 2)
  // Summer and winter, a zone and an offset.
  for (const text of ['2020-07-01T10:00:00[Europe/London]', '2020-01-01T10:00:00[Europe/London]', '1969-07-20T20:17:40-05:30']) {
    const at = (await session.run('RETURN datetime($text) AS at', { text })).records[0].get('at')
    assert.equal(at.toString().slice(0, 19), text.slice(0, 19))
    const same = await session.run('RETURN $at = datetime($text) AS same, toString($at) AS at', { at, text })
    assert.equal(same.records[0].get('same'), true, `${text} came back as ${same.records[0].get('at')}`)
  }
  const transaction = session.beginTransaction()
  await transaction.run('MATCH (n:Js) DETACH DELETE n')
  await transaction.rollback()
  const left = await read(it => it.run('MATCH (n:Js) RETURN count(n) AS n'))
  assert.equal(left.records[0].get('n').toNumber(), 2)
  const told = (await session.run('MATCH (n:Nowhere) RETURN n')).summary
  assert.equal(told.notifications[0].code, 'Neo.ClientNotification.Statement.UnknownLabelWarning')
  if (Number(version) >= 5.6) {
    assert.deepEqual(told.gqlStatusObjects.map(it => it.gqlStatus), ['02000', '01N50'])
    await assert.rejects(session.run('RETURN x'), { gqlStatus: '42001' })
  }
  await assert.rejects(session.run('RETURN x'), { code: 'Neo.ClientError.Statement.SyntaxError' })
  const reactive = driver.rxSession({ fetchSize: 3 })
  const numbers = []
  await reactive.run('UNWIND range(1, 10) AS n RETURN n').records().forEach(it => numbers.push(it.get('n').toNumber()))
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  await reactive.close().forEach(() => {})
  console.log(`the JavaScript driver reads and writes by Bolt ${version}`)
} finally {
  await session.close()
  await driver.close()
}
