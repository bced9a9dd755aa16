/**
 * Which replica is on duty for a cluster that is only observed.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('duty', table => {
    table
      .string('cluster')
      .primary()
      .comment('UID of the cluster, or its name while that is not known');
    table.string('holder').notNullable().comment('Identity of the replica');
    table
      .bigInteger('expires_at')
      .notNullable()
      .comment(
        "Milliseconds since the epoch by this database's own clock; another replica may take over from then on",
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('duty');
};
