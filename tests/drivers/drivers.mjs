// The official JavaScript driver of Neo4j against `weft serve`, on a store without a schema.
//
// Usage: node drivers.mjs ADDRESS. Fails with the first thing that is not as it should be.

import assert from 'node:assert/strict'
import neo4j from 'neo4j-driver'

const driver = neo4j.driver(`bolt://${process.argv[2]}`)
const session = driver.session()
try {
  const made = await session.run(
    'CREATE (a:Js {name: $name, day: $day})-[r:KNOWS {n: 1}]->(b:Js) RETURN a, r, b, point({x: 1, y: 2}) AS at',
    { name: 'Ada', day: new neo4j.types.Date(2024, 2, 29) }
  )
  const record = made.records[0]
  assert.deepEqual(record.get('a').labels, ['Js'])
  assert.equal(record.get('a').properties.day.toString(), '2024-02-29')
  assert.equal(record.get('r').type, 'KNOWS')
  assert.equal(record.get('at').x, 1)
  assert.equal(made.summary.counters.updates().nodesCreated, 2)
  const path = await session.run('MATCH p = (:Js {name: "Ada"})-->() RETURN p')
  assert.equal(path.records[0].get('p').segments.length, 1)
  const lasting = await session.run("RETURN duration('P1M2D') AS d")
  assert.equal(lasting.records[0].get('d').days.toNumber(), 2)
  const transaction = session.beginTransaction()
  await transaction.run('MATCH (n:Js) DETACH DELETE n')
  await transaction.rollback()
  const left = await session.executeRead(it => it.run('MATCH (n:Js) RETURN count(n) AS n'))
  assert.equal(left.records[0].get('n').toNumber(), 2)
  await assert.rejects(session.run('RETURN x'), { code: 'Neo.ClientError.Statement.SyntaxError' })
  console.log('the JavaScript driver reads and writes')
} finally {
  await session.close()
  await driver.close()
}
